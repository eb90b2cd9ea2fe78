/**
 * G28 with the faults gone every run is closed or waits for a human · G9 no run is closed over an open effect.
 */
import type { RequestEvent, RunEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { inputIdOf, runIdOf, type IncomingMail } from '../world/inbox.js';
import type { Operator } from '../world/operator.js';
import type { EffectWatch } from './effect.watch.js';
import type { GateWatch } from './gate.watch.js';
import { eventsOf, hold, type Watch } from './watch.js';

/** What decides how long a run may take when nothing goes wrong any more. */
export interface Pace {
  readonly now: () => number;
  readonly faultsEndMs: number;
  /** Mean time of one hop. */
  readonly hopMs: number;
}

/** Leases, back-offs and a worker that was stopped just before the faults ended. */
const REST_WITHIN_MS = 60_000;
/** A run from its start to its end, with every hop of every service it needs one after the other. */
const HOPS_OF_A_RUN = 600;

export class ProgressWatch implements Watch {
  readonly name = 'G28 G9 progress';
  readonly closed = new Set<string>();
  /** The longest that a run took to its end once nothing stood in its way. */
  longestMs = 0;
  /** Mails without a route, and runs that are neither closed nor waiting for a person. */
  stuck = 0;
  readonly #routed = new Map<string, string>();
  readonly #lastWord = new Map<string, number>();
  /** A stop of the company is a word about every run. */
  #lastStopWord = 0;

  constructor(
    private readonly mails: readonly IncomingMail[],
    private readonly gates: GateWatch,
    private readonly effects: EffectWatch,
    private readonly operator: Operator,
    private readonly pace: Pace,
  ) {}

  onCommit(commit: Commit): void {
    const { entity, key } = commit.address;
    if (entity === 'request') for (const event of eventsOf<RequestEvent>(commit)) if (event.type === 'orchestrator.request.routed') this.#routed.set(key, event.data.route.kind);
    // A gate that ran out is the word of a person who said nothing.
    const isSilence = entity === 'gate' && commit.events.some(({ type }) => type === 'governance.gate.expired');
    if (commit.actor === 'operator' || entity === 'intake' || isSilence) this.#lastWord.set(key, this.pace.now());
    if (entity === 'halt') this.#lastStopWord = this.pace.now();
    if (entity !== 'run') return;
    for (const event of eventsOf<RunEvent>(commit)) {
      if (event.type !== 'orchestrator.run.closed') continue;
      hold(!this.closed.has(key), `run ${key} was closed twice`);
      this.closed.add(key);
      this.#timed(key);
      for (const [name, line] of this.effects.lines) hold(line.runId !== key || line.state !== 'attempted' || this.operator.cancelled.has(key), `run ${key} was closed over ${name}, which is ${line.state}`);
    }
  }

  /** From the last fault, the last word of a person, or the arrival of the last mail, whatever came last. */
  #timed(runId: string): void {
    const { now, faultsEndMs, hopMs } = this.pace;
    const tookMs = now() - Math.max(faultsEndMs, this.#lastStopWord, this.#lastWord.get(runId) ?? 0);
    this.longestMs = Math.max(this.longestMs, tookMs / (1 + (hopMs * HOPS_OF_A_RUN) / REST_WITHIN_MS));
    hold(tookMs <= REST_WITHIN_MS + hopMs * HOPS_OF_A_RUN, `run ${runId} was closed ${Math.round(tookMs)} ms after the last fault and the last word of a person`);
  }

  atEnd(): void {
    for (const { number, isQuestion } of this.mails) {
      if (!this.#routed.has(inputIdOf(number))) this.stuck += 1;
      hold(this.#routed.has(inputIdOf(number)), `mail ${number} was not routed`);
      if (!isQuestion || this.closed.has(runIdOf(number))) continue;
      const waits = [...this.gates.open.values()].some(({ gateId }) => gateId.startsWith(`${runIdOf(number)}-g`) && this.operator.left.has(gateId));
      if (!waits) this.stuck += 1;
      hold(waits, `the run of mail ${number} (${runIdOf(number)}) is neither closed nor waiting for a human`);
    }
  }
}
