/**
 * A whole run as its services write it, made once on the in-memory log with real sealing, and stamped into a broker as
 * often as wanted under other run ids. What projections need holds: types, contracts, sealed fields, subjects. What they
 * never look at does not: commit ids repeat, and the chain names the template's commits.
 */
import { headers as newHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { subjectOf, type Address, type AnyEvent, type EffectEvent, type GateEvent, type HoldEvent, type LoopEvent, type RunEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type KeyTable } from '@soloist/eventlog';
import { headOf } from '@soloist/service';

const TEMPLATE_RUN = derivedId('bench-template', 'run');
const AT = '2026-01-01T00:00:00.000Z';
const WAVE_RUNS = 150;
const ANSWER_WITHIN_MS = 60_000;
const DIGEST = 'd'.repeat(64);
const VERSION = 'ab'.repeat(8);
const SUBJECT = 'bench-subject';
const EFFECT = `${TEMPLATE_RUN.slice(0, 24)}-e1`;

type Message = readonly [subject: string, body: string, options: { readonly headers?: MsgHdrs }];
type Step = readonly [Omit<Address, 'key'>, ...AnyEvent[]];

/** 20 events in 11 commits: admitted, two model calls, one mail that the operator approved, finished. */
const STEPS: readonly Step[] = [
  [of('orchestrator', 'run'), { type: 'orchestrator.run.requested', data: { runId: TEMPLATE_RUN, inputId: TEMPLATE_RUN, agent: 'desk', dataSubject: SUBJECT } } satisfies RunEvent],
  [of('governance', 'hold'), granted()],
  [of('orchestrator', 'run'), admitted()],
  [of('runtime', 'loop'), claimed(), suspended('recall')],
  [of('runtime', 'loop'), asked(1)],
  [of('runtime', 'loop'), answered(1), requested(), suspended('effect')],
  [of('governance', 'gate'), judged(), opened()],
  [of('governance', 'gate'), decided(), { type: 'governance.gate.reminded', data: { gateId: gateId(), number: 1, dueAt: AT } } satisfies GateEvent],
  [of('connectors', 'effect'), { type: 'connectors.effect.snapshotted', data: { lines: [], refusals: [] } } satisfies EffectEvent],
  [of('runtime', 'loop'), observed(), asked(2), answered(2), finished()],
  [
    of('orchestrator', 'run'),
    { type: 'orchestrator.run.cancelled', data: { runId: TEMPLATE_RUN, commandId: 'none', by: 'operator', because: 'bench' } } satisfies RunEvent,
    { type: 'orchestrator.run.closed', data: { runId: TEMPLATE_RUN, outcome: 'done', because: 'finished' } } satisfies RunEvent,
  ],
];

export const EVENTS_OF_A_RUN = STEPS.reduce((sum, [, ...events]) => sum + events.length, 0);
export const COMMITS_OF_A_RUN = STEPS.length;
/** Up to the commit that opens the gate: from there on the run waits for the operator. */
export const COMMITS_UNTIL_GATE = 7;

interface Stamp {
  readonly address: Omit<Address, 'key'>;
  readonly headers: MsgHdrs;
  readonly body: string;
}

export class RunTemplate {
  private made = 0;

  private constructor(private readonly stamps: readonly Stamp[]) {}

  static async make(keys: KeyTable): Promise<RunTemplate> {
    const memory = createMemoryLog({ streams: 1, keys });
    const stamps: Stamp[] = [];
    for (const [index, [address, ...events]] of STEPS.entries()) {
      const head = await memory.log.head({ ...address, key: TEMPLATE_RUN });
      const appended = await memory.log.append({
        address: { ...address, key: TEMPLATE_RUN },
        id: derivedId('bench-template', String(index)),
        cause: null,
        actor: address.context,
        policy: null,
        at: AT,
        traceparent: null,
        events,
        after: head === null ? null : headOf(head),
        snapshot: false,
      });
      if (appended.outcome !== 'committed') throw new Error('nobody else writes the template');
      const text = await memory.log.carry(appended.commit.position);
      if (text === null) throw new Error('the template is not in its log');
      stamps.push({ address, headers: soloistHeaders(text.headers), body: text.body });
    }
    return new RunTemplate(stamps);
  }

  /**
   * Runs up to their `commits`-th commit, one after the other. Answers the bytes of the bodies. One connection is served
   * in order, so one answer a wave is enough to know that all before it are stored.
   */
  async stamp(connection: NatsConnection, runs: number, commits = STEPS.length): Promise<number> {
    return this.inWaves(connection, runs, () => {
      const runId = this.nextRun();
      return this.stamps.slice(0, commits).map((_, step) => this.message(step, runId));
    });
  }

  /** One message a run on a subject of its own, with nothing in it. */
  async stampBare(connection: NatsConnection, runs: number): Promise<number> {
    return this.inWaves(connection, runs, () => [[subjectOf('evt', { ...of('runtime', 'loop'), key: this.nextRun() }), '', {}]]);
  }

  private async inWaves(connection: NatsConnection, runs: number, messages: () => readonly Message[]): Promise<number> {
    let bytes = 0;
    let before: Promise<unknown> = Promise.resolve();
    for (let left = runs; left > 0; left -= WAVE_RUNS) {
      const wave = Array.from({ length: Math.min(WAVE_RUNS, left) }, messages).flat();
      const last = wave.pop() as Message;
      for (const message of wave) connection.publish(...message);
      const answer = connection.request(last[0], last[1], { ...last[2], timeout: ANSWER_WITHIN_MS });
      for (const message of [...wave, last]) bytes += message[1].length;
      await before;
      before = answer;
    }
    await before;
    return bytes;
  }

  private message(step: number, runId: string): Message {
    const { address, headers, body } = this.stamps[step] as Stamp;
    // Ids of gates and effects begin like the run's.
    return [subjectOf('evt', { ...address, key: runId }), body.replaceAll(TEMPLATE_RUN.slice(0, 24), runId.slice(0, 24)).replaceAll(runId.slice(0, 24) + TEMPLATE_RUN.slice(24), runId), { headers }];
  }

  private nextRun(): string {
    this.made += 1;
    return derivedId('bench-stamped', String(this.made));
  }
}

function soloistHeaders(pairs: readonly (readonly [string, string])[]): MsgHdrs {
  const headers = newHeaders();
  for (const [name, value] of pairs) if (name.startsWith('Soloist-')) headers.append(name, value);
  return headers;
}

function of(context: Address['context'], entity: string): Omit<Address, 'key'> {
  return { context, entity };
}
function gateId(): string {
  return `${TEMPLATE_RUN.slice(0, 24)}-g1`;
}
function granted(): HoldEvent {
  return { type: 'governance.hold.granted', data: { runId: TEMPLATE_RUN, agent: 'desk', definitionVersion: VERSION, policyVersion: VERSION, envelopeMicros: 200_000, currency: 'USD' } };
}
function admitted(): RunEvent {
  const data = { runId: TEMPLATE_RUN, inputId: TEMPLATE_RUN, agent: 'desk', definitionVersion: VERSION, policyVersion: VERSION, envelopeMicros: 200_000, currency: 'USD', dataSubject: SUBJECT };
  return { type: 'orchestrator.run.admitted', data };
}
function claimed(): LoopEvent {
  const data = { runId: TEMPLATE_RUN, epoch: 1, inputId: TEMPLATE_RUN, agent: 'desk', definitionVersion: VERSION, envelopeMicros: 200_000, currency: 'USD', dataSubject: SUBJECT };
  return { type: 'runtime.loop.claimed', data };
}
function suspended(waitingFor: 'recall' | 'effect'): LoopEvent {
  return { type: 'runtime.loop.suspended', data: { waitingFor, id: EFFECT } };
}
function asked(step: number): LoopEvent {
  const messages = [{ role: 'user' as const, content: 'Which hourly rate did we agree for changes outside of the scope? '.repeat(8), trust: 'third-party-text' as const, toolCalls: [], callId: null }];
  const data = { askId: `${TEMPLATE_RUN.slice(0, 24)}-a${step}`, step, epoch: 1, model: 'bench', messages, messagesBlob: null, tools: ['mail.send'], promptDigest: DIGEST, maxOutputTokens: 100, ceilingMicros: 900, price: { source: 'bench', version: '1' }, dataSubject: SUBJECT };
  return { type: 'runtime.loop.model-asked', data };
}
function answered(step: number): LoopEvent {
  const data = { askId: `${TEMPLATE_RUN.slice(0, 24)}-a${step}`, model: 'bench', rehearsal: true, text: 'The hourly rate is 95 EUR. '.repeat(4), toolCalls: [], finishReason: 'stop', inputTokens: 200, outputTokens: 50, costMicros: 700, dataSubject: SUBJECT };
  return { type: 'runtime.loop.model-answered', data };
}
function requested(): LoopEvent {
  const args = { to: ['client@acme.example'], subject: 'Re: rate', text: 'The hourly rate is 95 EUR.' };
  return { type: 'runtime.loop.effect-requested', data: { effectId: EFFECT, callId: 'c1', epoch: 1, action: 'mail.send', args, digest: DIGEST, effectClass: 'check-first', trust: 'third-party-text', dataSubject: SUBJECT } };
}
function observed(): LoopEvent {
  return { type: 'runtime.loop.effect-observed', data: { effectId: EFFECT, outcome: 'succeeded', detail: { messageId: 'm1' }, dataSubject: SUBJECT } };
}
function finished(): LoopEvent {
  return { type: 'runtime.loop.finished', data: { outcome: 'done', summary: 'Answered.', spentMicros: 1_400, steps: 2, dataSubject: SUBJECT } };
}
function judged(): GateEvent {
  const data = { effectId: EFFECT, generation: 1, action: 'mail.send', digest: DIGEST, effectClass: 'check-first' as const, trust: 'third-party-text' as const, verdict: 'gate' as const, reasons: ['The owner reads mail first.'], policyVersion: VERSION };
  return { type: 'governance.gate.judged', data };
}
function opened(): GateEvent {
  const data = { gateId: gateId(), kind: 'outward-effect' as const, effectId: EFFECT, generation: 1, epoch: 1, action: 'mail.send', args: { to: ['client@acme.example'] }, digest: DIGEST, effectClass: 'check-first' as const, reasons: ['first'], dataSubject: SUBJECT, expiresAt: AT, policyVersion: VERSION };
  return { type: 'governance.gate.opened', data };
}
function decided(): GateEvent {
  return { type: 'governance.gate.decided', data: { gateId: gateId(), commandId: 'c1', decision: 'approve', by: 'operator', surface: 'cli', digest: DIGEST, reason: null } };
}
