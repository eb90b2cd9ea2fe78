/**
 * One commit of a program's run: what has ended, what begins next, and how the run stands after it.
 *
 * I1 the result of a step and the claim of the next lie in one commit
 * I2 no commit outgrows the log's limit; what does not fit waits for the next one, in order
 * I3 a run that is cancelled while it waits for children has told them before its end is on record
 * I4 of a run that is paused only what has happened is written; the rest waits, in order, for as long as its worker has
 *    something under way, and is made anew by the next one
 * I5 a run in which nothing runs any more is suspended by the same commit, and nobody holds it; never over an answer that
 *    its code has not seen, since nothing would bring the next worker
 */
import type { ProgramEvent } from '@soloist/contracts';
import type { TimerDraft } from '@soloist/eventlog';
import { fold } from '@soloist/service';
import { childrenCut, programEnded, type Draft } from './drafts.js';
import { begunOf, programEntity, type ProgramState, type Received } from './program-state.js';

/** Of values; the log takes 256 KiB a commit, and sealing adds a third. */
const MAX_BYTES = 150 * 1024;
const MAX_EVENTS = 200;

export interface Batch {
  readonly events: readonly ProgramEvent[];
  /** The drafts that are in it, or of a cancelled run dropped. */
  readonly written: ReadonlySet<Draft>;
  readonly arms: readonly TimerDraft[];
  readonly taken: readonly { readonly path: string; readonly received: Received }[];
  readonly end: 'none' | 'suspended' | 'continued' | 'ended';
  /** The run is paused, and something is under way here. */
  readonly isHeldBack: boolean;
}

export interface Outbox {
  /** What brought this worker, and its claim of the run: before everything else. */
  readonly opening: readonly ProgramEvent[];
  readonly drafts: readonly Draft[];
  /** Whether steps of earlier commits still run. */
  readonly isBusy: boolean;
  readonly epoch: number;
  /** Wake-ups cannot be armed now: what has happened is written, and nothing begins or ends. */
  readonly isUnarmable: boolean;
  /** Whether a call the code waits for has its answer on record already, written by another delivery. */
  readonly isMissed: (state: ProgramState) => boolean;
}

export function batchOn(before: ProgramState, outbox: Outbox, now: string): Batch {
  const events: ProgramEvent[] = [...outbox.opening];
  const arms: TimerDraft[] = [];
  let state = fold(programEntity, events, before);
  const add = (draft: Draft): void => {
    const moment = { now, state };
    const event = draft.event(moment);
    const arm = draft.arms?.(moment);
    if (arm !== undefined && (event.type !== 'runtime.loop.program-ended' || begunOf(state).parent !== null)) arms.push(arm);
    events.push(event);
    state = programEntity.evolve(state, event);
  };
  const isHeld = state.isPaused && !state.isCancelled;
  const possible = state.isCancelled || isHeld || outbox.isUnarmable ? resultsOf(outbox.drafts, { now, state }, state.isCancelled && !outbox.isUnarmable) : outbox.drafts;
  const drafts = fitting(possible);
  for (const draft of drafts) add(draft);
  if (state.isCancelled && state.ended === null && !outbox.isUnarmable) {
    arms.push(...childrenCut(now, state));
    add(programEnded({ outcome: 'cancelled', code: 'program.cancelled', because: 'Somebody asked for it.' }));
  }
  const taken = state.ended === null ? pairs(state) : [];
  for (const { path, received } of taken) events.push({ type: 'runtime.loop.event-taken', data: { path, eventId: received.eventId } });
  const hasMore = drafts.length < possible.length;
  // Whoever resumes a paused run brings the worker that sees what its code has not seen.
  const goesOn = outbox.isUnarmable || outbox.isBusy || hasMore || (!isHeld && (taken.length > 0 || outbox.isMissed(state)));
  const end = endOf(events, goesOn);
  if (end === 'suspended') events.push({ type: 'runtime.loop.program-suspended', data: { epoch: outbox.epoch } });
  return { events, written: new Set(state.isCancelled ? outbox.drafts : drafts), arms, taken, end, isHeldBack: isHeld && end === 'none' && !hasMore };
}

function fitting(drafts: readonly Draft[]): readonly Draft[] {
  let bytes = 0;
  const over = drafts.findIndex((draft, index) => {
    bytes += draft.bytes;
    return index > 0 && (bytes > MAX_BYTES || index >= MAX_EVENTS);
  });
  return over < 0 ? drafts : drafts.slice(0, over);
}

const RESULTS: readonly string[] = ['runtime.loop.step-completed', 'runtime.loop.step-failed'];

/** Of a run that is cancelled or paused only what has happened is written, nothing begins any more. */
function resultsOf(drafts: readonly Draft[], moment: { now: string; state: ProgramState }, withEnd: boolean): readonly Draft[] {
  return drafts.filter((draft) => {
    const { type } = draft.event(moment);
    return RESULTS.includes(type) || (withEnd && type === 'runtime.loop.program-ended');
  });
}

/** Events that came and calls that wait for them, oldest first. */
export function pairs(state: ProgramState): readonly { readonly path: string; readonly received: Received }[] {
  if (state.unread.length === 0) return [];
  const left = [...state.unread];
  const found: { path: string; received: Received }[] = [];
  for (const [path, wait] of state.waits) {
    if (wait.kind !== 'event') continue;
    const index = left.findIndex((received) => received.name === wait.name);
    const [received] = index < 0 ? [] : left.splice(index, 1);
    if (received !== undefined) found.push({ path, received });
  }
  return found;
}

function endOf(events: readonly ProgramEvent[], goesOn: boolean): Batch['end'] {
  const has = (type: ProgramEvent['type']): boolean => events.some((event) => event.type === type);
  if (has('runtime.loop.program-ended')) return 'ended';
  if (has('runtime.loop.program-continued')) return 'continued';
  return goesOn || has('runtime.loop.step-claimed') ? 'none' : 'suspended';
}
