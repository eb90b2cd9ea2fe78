/**
 * Writes one step of a run: what arrived, what follows, and the claim of the next model call.
 *
 * I1 the commit is decided on the state it is appended to; what does not count there any more is not written
 * I2 what was paid for and cannot be written down is written down as a failure, so that the run ends and its money settles
 * I3 of somebody who was erased in between nothing is put anywhere, and nothing goes to a model
 * I4 commit ids differ between deliveries: two workers that decide the same must not both take the stored claim for theirs
 */
import type { BlobRef } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import { Fault, isFault, isRejection, type Rejection } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { accept, type Arrival } from '../domain/arrival.js';
import { hasErased } from '../domain/erased.js';
import { claimOf, openAsk, type LoopState } from '../domain/loop.js';
import { finished, planStep, type Means, type Plan, type PlannedAsk } from '../domain/plan.js';
import type { RunBrief } from '../domain/run-brief.js';
import { loopEntity } from '../entities.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { erased } from './read-brief.js';

/** `at rest only`: whose run has an open ask is not decided here. */
export type StepWhen = 'it counts' | 'at rest only';

/** The run does not wait for what came, or somebody is at it: it has to be read. Nothing was written. */
export class NotAtRest extends Error {}

export interface Claimed {
  readonly ask: PlannedAsk;
  /** The moment the claim was decided at; it chooses among dated prices. */
  readonly at: string;
  readonly state: LoopState;
  /** The data subject was erased when the claim was written: nothing may be sent under it. */
  readonly isErased: boolean;
}

/** How long a delivery stays away whose run somebody else works on: above the heartbeat that extends the other's lease. */
const HELD_ELSEWHERE_MS = 10_000;

/** How soon a worker that does not answer is asked again. */
const ASKED_AGAIN_MS = 400;

/** What the log says of a commit that it will never take. */
const UNRECORDABLE: ReadonlySet<string> = new Set(['log.too-large', 'log.bad-draft']);

/** @returns the ask that is ours now, or null when the run waits or has ended @throws Fault transient when overtaken */
export async function commitStep(work: Work<RuntimePorts>, runId: string, brief: RunBrief | Rejection, arrival: Arrival, turn: number, when: StepWhen = 'it counts'): Promise<Claimed | null> {
  try {
    return await write(work, runId, brief, arrival, turn, when);
  } catch (error) {
    if (arrival.kind !== 'answered' || !isFault(error) || !UNRECORDABLE.has(error.code)) throw error;
    const fault = { kind: 'invalid' as const, code: 'model.unrecordable', because: `The answer could not be recorded (${error.code}).` };
    return write(work, runId, brief, { kind: 'faulted', askId: arrival.askId, fault }, turn, when);
  }
}

async function write(work: Work<RuntimePorts>, runId: string, given: RunBrief | Rejection, arrival: Arrival, turn: number, when: StepWhen): Promise<Claimed | null> {
  let brief = given;
  const step = `${arrival.kind}:${idOf(arrival)}:${work.deliveryCount}:${turn}`;
  const stored = new Map<string, BlobRef>();
  for (;;) {
    const decided: { plan: Plan; at: string } = { plan: { kind: 'stale' }, at: '' };
    const outcome = await work.commit(loopEntity, runId, step, (state, now) => {
      const isAtWork = when === 'at rest only' && openAsk(state) !== null;
      decided.plan = isAtWork ? { kind: 'stale' } : planOn(state, brief, arrival, meansOf(work.ports, brief, stored, now));
      decided.at = now;
      return decided.plan.kind === 'commit' ? decided.plan.events : [];
    });
    const { plan, at } = decided;
    if (plan.kind === 'stale') throw when === 'at rest only' ? new NotAtRest(runId) : heldElsewhere(runId);
    if (plan.kind === 'store-prompt') {
      const { dataSubject } = claimOf(outcome.state);
      const put = await putPrompt(work, plan.text, dataSubject);
      if (put === null) brief = erased();
      else stored.set(plan.promptDigest, put);
      continue;
    }
    if (outcome.kind !== 'committed') throw readBehind(runId);
    return plan.ask === null ? null : { ask: plan.ask, at, state: outcome.state, isErased: outcome.commit.events.some(hasErased) };
  }
}

/** Null when the data subject was erased. */
async function putPrompt(work: Work<RuntimePorts>, text: string, dataSubject: string): Promise<BlobRef | null> {
  try {
    return await work.log.putBlob('runtime', new TextEncoder().encode(text), dataSubject);
  } catch (error) {
    if (isFault(error) && error.code === 'log.subject-erased') return null;
    throw error;
  }
}

/** A brief that cannot be read (any more) ends the run, with what arrived on record. */
function planOn(state: LoopState, brief: RunBrief | Rejection, arrival: Arrival, means: Means): Plan {
  if (!isRejection(brief)) return planStep(state, brief, arrival, means);
  const accepted = accept(state, arrival);
  if (accepted === null) return { kind: 'stale' };
  return { kind: 'commit', events: [...accepted.events, finished(accepted.state, 'refused', brief.code, brief.because)], ask: null };
}

function meansOf(ports: RuntimePorts, brief: RunBrief | Rejection, stored: ReadonlyMap<string, BlobRef>, now: string): Means {
  return {
    digestOf: sha256Hex,
    checkArgs: ports.checkArgs,
    model: isRejection(brief) ? null : ports.modelOfAlias(brief.definition.model.alias),
    windowTokens: ports.windowTokens,
    quote: (model, inputTokens, maxOutputTokens) => {
      const ceiling = ports.prices.ceilingOf(model, { inputTokens, maxOutputTokens }, now);
      return ceiling === null ? null : { ceilingMicros: ceiling.micros, price: ceiling.price };
    },
    storedPrompt: (digest) => stored.get(digest) ?? null,
  };
}

function idOf(arrival: Arrival): string {
  switch (arrival.kind) {
    case 'recalled':
      return arrival.recallId;
    case 'observed':
      return arrival.effectId;
    case 'resumed':
    case 'operator-answered':
      return arrival.commandId;
    default:
      return arrival.askId;
  }
}

export function heldElsewhere(runId: string, retryAfterMs: number = HELD_ELSEWHERE_MS): Fault {
  return new Fault('transient', 'loop.held-elsewhere', `Run ${runId} is worked on by another worker; this delivery comes again.`, { retryAfterMs });
}

/** The worker that has claimed what this delivery brings does not answer: it gets some time to (ADR 0012). */
export function requireGone(work: Pick<Work<unknown>, 'mayBeHeld'>, runId: string): void {
  if (work.mayBeHeld === true) throw heldElsewhere(runId, ASKED_AGAIN_MS);
}

/** A replica of the log that has not caught up: what was delivered is not in what was read. */
export function readBehind(runId: string): Fault {
  return new Fault('transient', 'loop.read-behind', `Run ${runId} was read without what this delivery follows from; it is read again.`);
}
