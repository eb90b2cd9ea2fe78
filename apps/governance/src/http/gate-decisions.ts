/**
 * Puts the operator's decision on the log as a command and waits until the log says what became of it.
 *
 * I1 the API decides nothing: it publishes a wish, and answers what governance recorded
 * I2 a gate that is closed already is answered from the record, and nothing is published
 * I3 a wait that ends early loses nothing: the command is durable and will be answered
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DecideGate, GateEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { evolveGates, GATE_EXPIRED, noGates, type GateRecord, type GateState } from '../domain/gate-state.js';
import { ApiError, unknownGate } from './api-error.js';
import type { Decision, DecisionOutcome } from './schemas.js';

const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
/** There is one operator, and whoever holds the token is it. */
const OPERATOR = 'operator';

export class GateDecisions {
  constructor(
    private readonly log: EventLog,
    private readonly waitMs: number = WAIT_MS,
  ) {}

  /** Null when the outcome is not on record yet. @throws ApiError 404 · 409 */
  async decide(gateId: string, decision: Decision): Promise<DecisionOutcome | null> {
    const runId = runOfGate(gateId);
    const before = (await this.state(runId)).gates.get(gateId);
    if (before === undefined) throw unknownGate(gateId);
    if (before.standing !== 'open' && before.card.digest === decision.digest) return outcomeOf(before, null);
    const commandId = randomUUID();
    const body: DecideGate = { type: 'governance.gate.decide', runId, gateId, by: OPERATOR, ...decision };
    await this.log.command({ context: 'governance', entity: 'gate', key: runId }, { id: commandId, actor: OPERATOR, body });
    return this.outcome(runId, gateId, commandId, decision.digest);
  }

  async state(runId: string): Promise<GateState> {
    const commits = await this.log.read({ context: 'governance', entity: 'gate', key: runId });
    return (commits.flatMap((commit) => commit.events) as readonly GateEvent[]).reduce(evolveGates, noGates);
  }

  private async outcome(runId: string, gateId: string, commandId: string, digest: string): Promise<DecisionOutcome | null> {
    const deadline = performance.now() + this.waitMs;
    for (let pause = FIRST_PAUSE_MS; performance.now() < deadline; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const state = await this.state(runId);
      const refused = state.refusedCommands.get(commandId);
      if (refused !== undefined) throw new ApiError(409, refused.code, refused.because, nextAfter(refused.code, gateId));
      const record = state.gates.get(gateId);
      // A decision about another digest is always refused on record, so its own answer is worth waiting for.
      if (record !== undefined && record.standing !== 'open' && record.card.digest === digest) return outcomeOf(record, commandId);
      await delay(pause);
    }
    return null;
  }
}

export function runOfGate(gateId: string): string {
  return gateId.slice(0, gateId.lastIndexOf('-g'));
}

function outcomeOf({ card, standing, decidedBy, isAuthorized }: GateRecord, commandId: string | null): DecisionOutcome {
  if (standing === 'expired') throw new ApiError(409, GATE_EXPIRED, `The gate was open until ${card.expiresAt} and closed without a decision.`, nextAfter(GATE_EXPIRED, card.gateId));
  return {
    gateId: card.gateId,
    state: standing,
    decidedBy: decidedBy === null ? null : { by: decidedBy.by, surface: decidedBy.surface },
    alreadyDecided: decidedBy?.commandId !== commandId,
    authorized: isAuthorized,
  };
}

function nextAfter(code: string, gateId: string): string {
  if (code === 'gate.digest-mismatch') return `Read the gate again (GET /v1/gates/${gateId}) and send the digest it shows.`;
  if (code === GATE_EXPIRED) return 'Nothing was sent. Send the request again to have it asked anew.';
  return `Read the gate again: GET /v1/gates/${gateId}.`;
}
