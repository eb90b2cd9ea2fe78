/**
 * One commit of a program's run: what has ended, what begins next, and how the run stands after it.
 *
 * I1 the result of a step and the claim of the next lie in one commit
 * I2 no commit outgrows the log's limit; what does not fit waits for the next one, in order
 * I3 a run that is cancelled while it waits for children has told them before its end is on record
 * I4 a run in which nothing runs any more is suspended by the same commit, and nobody holds it; never over an answer that
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
  /** How many of the drafts are in it. */
  readonly count: number;
  readonly arms: readonly TimerDraft[];
  readonly taken: readonly { readonly path: string; readonly received: Received }[];
  readonly end: 'none' | 'suspended' | 'continued' | 'ended';
}

export interface Outbox {
  /** What brought this worker, and its claim of the run: before everything else. */
  readonly opening: readonly ProgramEvent[];
  readonly drafts: readonly Draft[];
  /** Whether steps of earlier commits still run. */
  readonly isBusy: boolean;
  readonly epoch: number;
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
  const drafts = state.isCancelled ? resultsOf(outbox.drafts, { now, state }) : fitting(outbox.drafts);
  for (const draft of drafts) add(draft);
  if (state.isCancelled && state.ended === null) {
    arms.push(...childrenCut(now, state));
    add(programEnded({ outcome: 'cancelled', code: 'program.cancelled', because: 'Somebody asked for it.' }));
  }
  const taken = state.ended === null ? pairs(state) : [];
  for (const { path, received } of taken) events.push({ type: 'runtime.loop.event-taken', data: { path, eventId: received.eventId } });
  const end = endOf(events, taken.length > 0 || outbox.isBusy || drafts.length < outbox.drafts.length || outbox.isMissed(state));
  if (end === 'suspended') events.push({ type: 'runtime.loop.program-suspended', data: { epoch: outbox.epoch } });
  return { events, count: state.isCancelled ? outbox.drafts.length : drafts.length, arms, taken, end };
}

function fitting(drafts: readonly Draft[]): readonly Draft[] {
  let bytes = 0;
  const over = drafts.findIndex((draft, index) => {
    bytes += draft.bytes;
    return index > 0 && (bytes > MAX_BYTES || index >= MAX_EVENTS);
  });
  return over < 0 ? drafts : drafts.slice(0, over);
}

/** Of a run that is cancelled only what has happened is written, nothing begins any more. */
function resultsOf(drafts: readonly Draft[], moment: { now: string; state: ProgramState }): readonly Draft[] {
  const kept = ['runtime.loop.step-completed', 'runtime.loop.step-failed', 'runtime.loop.program-ended'];
  return fitting(drafts.filter((draft) => kept.includes(draft.event(moment).type)));
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
