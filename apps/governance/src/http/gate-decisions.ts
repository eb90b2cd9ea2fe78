/**
 * Puts a decision on the log as a command and waits until the log says what became of it.
 *
 * I1 the API decides nothing: it publishes a wish, and answers what governance recorded
 * I2 a gate that is closed already is answered from the record, and nothing is published
 * I3 a wait that ends early loses nothing: the command is durable and will be answered
 * I4 of a batch each gate is decided by its own command and digest; what is wrong with one keeps no other from it
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DecideGate, GateEvent, SnoozeGate } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { evolveGates, GATE_EXPIRED, noGates, type GateRecord, type GateState } from '../domain/gate-state.js';
import { ApiError, unknownGate } from './api-error.js';
import type { BatchDecision, BatchOutcome, Decision, DecisionOutcome, Snooze, SnoozeOutcome } from './gate-schemas.js';

const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

export class GateDecisions {
  constructor(
    private readonly log: EventLog,
    private readonly waitMs: number = WAIT_MS,
  ) {}

  /**
   * Null when the outcome is not on record yet.
   * @param by who decides, as it stands on record
   * @param commandId names the wish: the same name again is the same wish, and is answered from the record
   * @throws ApiError 404 · 409
   */
  async decide(gateId: string, { edit, ...decision }: Decision, by: string, commandId: string = randomUUID()): Promise<DecisionOutcome | null> {
    const runId = runOfGate(gateId);
    const before = (await this.state(runId)).gates.get(gateId);
    if (before === undefined) throw unknownGate(gateId);
    if (before.standing !== 'open' && before.card.digest === decision.digest) return outcomeOf(before, null);
    const body: DecideGate = { type: 'governance.gate.decide', runId, gateId, by, ...decision, ...(edit === undefined ? {} : { edit }) };
    await this.log.command({ context: 'governance', entity: 'gate', key: runId }, { id: commandId, actor: by, body });
    return this.outcome(runId, gateId, commandId, decision.digest);
  }

  /** @throws ApiError 409 when the gates are not of one class */
  async decideAll({ gates, ...decision }: BatchDecision, by: string): Promise<BatchOutcome> {
    const records = await Promise.all(gates.map(async ({ gateId }) => (await this.state(runOfGate(gateId))).gates.get(gateId)));
    const classes = new Set(records.flatMap((record) => (record === undefined ? [] : [classOf(record)])));
    if (classes.size > 1) throw new ApiError(409, 'gate.classes-differ', 'One word decides gates of one class only: same kind, action, effect class and policy. Nothing was decided.', 'List the open gates and decide each class by itself.');
    return { gates: await Promise.all(gates.map((gate) => this.decideOneOf(gate, decision, by))) };
  }

  private async decideOneOf({ gateId, digest }: BatchDecision['gates'][number], decision: Omit<BatchDecision, 'gates'>, by: string): Promise<BatchOutcome['gates'][number]> {
    try {
      return { gateId, outcome: await this.decide(gateId, { ...decision, digest }, by), error: null };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { gateId, outcome: null, error: { code: error.code, message: error.message } };
    }
  }

  /** Null when it is not on record yet. @throws ApiError 404 · 409 */
  async snooze(gateId: string, { until, surface }: Snooze, by: string, now: string): Promise<SnoozeOutcome | null> {
    const runId = runOfGate(gateId);
    const before = (await this.state(runId)).gates.get(gateId);
    if (before === undefined) throw unknownGate(gateId);
    const { expiresAt } = before.card;
    if (before.standing !== 'open') throw new ApiError(409, 'gate.closed', `The gate is ${before.standing}; there is nothing to be reminded of.`, `Read the gate: GET /v1/gates/${gateId}.`);
    if (Date.parse(until) <= Date.parse(now) || Date.parse(until) >= Date.parse(expiresAt)) {
      throw new ApiError(409, 'gate.snooze-window', `A gate sleeps until some moment before its end at ${expiresAt}.`, 'Name a moment in between, or decide the gate.');
    }
    const body: SnoozeGate = { type: 'governance.gate.snooze', runId, gateId, until, by, surface };
    await this.log.command({ context: 'governance', entity: 'gate', key: runId }, { id: randomUUID(), actor: by, body });
    const moment = new Date(Date.parse(until)).toISOString();
    const deadline = performance.now() + this.waitMs;
    for (let pause = FIRST_PAUSE_MS; performance.now() < deadline; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const record = (await this.state(runId)).gates.get(gateId);
      if (record !== undefined && (record.standing !== 'open' || record.snoozedUntil === moment)) return { gateId, state: record.standing, snoozedUntil: record.snoozedUntil };
      await delay(pause);
    }
    return null;
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

function classOf({ card: { kind, action, effectClass, policyVersion } }: GateRecord): string {
  return [kind, action, effectClass, policyVersion].join(' ');
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
