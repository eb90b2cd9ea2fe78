/** What a worker is about to write of a program's run, before the moment of its commit is known. */
import type { BlobRef, CallForm, ProgramEvent } from '@soloist/contracts';
import type { TimerDraft } from '@soloist/eventlog';
import { begunOf, type Carried, type ProgramState } from './program-state.js';

/** What a commit adds to an event: its moment, and the state the event is written on. */
export interface Moment {
  readonly now: string;
  readonly state: ProgramState;
}

export interface Draft {
  readonly event: (moment: Moment) => ProgramEvent;
  /** About what its value takes in the commit. */
  readonly bytes: number;
  /** A wake-up that must be armed before the event is on the log. */
  readonly arms?: (moment: Moment) => TimerDraft;
  /** Called once the event is on the log. */
  readonly committed?: () => void;
}

export function stepClaimed(path: string, form: CallForm, attempt: number, epoch: number, committed: () => void): Draft {
  const { name, argsDigest } = form;
  return { event: () => ({ type: 'runtime.loop.step-claimed', data: { path, name, argsDigest, attempt, epoch } }), bytes: 0, committed };
}

export function stepCompleted(path: string, carried: Carried, bytes: number, dataSubject: string): Draft {
  return { event: () => ({ type: 'runtime.loop.step-completed', data: { path, ...carried, dataSubject } }), bytes };
}

export function stepFailed(path: string, attempt: number, failure: { code: string; because: string }, isFinal: boolean, dataSubject: string): Draft {
  const { code } = failure;
  const because = failure.because.slice(0, 2_000).toWellFormed();
  return { event: () => ({ type: 'runtime.loop.step-failed', data: { path, attempt, code, because, isFinal, dataSubject } }), bytes: writtenBytes(code) + writtenBytes(because) };
}

/** As it lies in a commit: UTF-8, and escaped. */
function writtenBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

export function timerArmed(path: string, form: CallForm, timerId: string, dueAt: (now: string) => string): Draft {
  const { name, argsDigest } = form;
  let due: string | null = null;
  // What was armed is what is recorded, though the commit comes a little later: else each wake-up came too early.
  const dueOnce = (now: string): string => (due ??= dueAt(now));
  return {
    event: ({ now }) => ({ type: 'runtime.loop.timer-armed', data: { path, name, argsDigest, timerId, dueAt: dueOnce(now) } }),
    bytes: 0,
    arms: ({ now, state }) => wake(timerId, begunOf(state).runId, dueOnce(now), { kind: 'timer', path }),
  };
}

export function eventAwaited(path: string, { name, argsDigest }: CallForm): Draft {
  return { event: () => ({ type: 'runtime.loop.event-awaited', data: { path, name, argsDigest } }), bytes: 0 };
}

export interface ChildDraft {
  readonly childRunId: string;
  readonly program: string;
  readonly version: string;
  readonly input: Carried;
}

export function childRequested(path: string, { name, argsDigest }: CallForm, child: ChildDraft, bytes: number): Draft {
  const { childRunId, program, version, input } = child;
  return {
    event: ({ state }) => ({ type: 'runtime.loop.child-requested', data: { path, name, argsDigest, childRunId, program, version, ...input, dataSubject: begunOf(state).dataSubject } }),
    bytes,
    arms: ({ now, state }) => wake(`${childRunId.slice(0, 28)}-go`, childRunId, now, { kind: 'begin-child', parentRunId: begunOf(state).runId, path }),
  };
}

export interface Ending {
  readonly outcome: 'done' | 'failed' | 'cancelled' | 'diverged';
  readonly code: string;
  readonly because: string;
  readonly value?: { readonly value: Carried['value']; readonly blob: BlobRef | null };
  readonly bytes?: number;
}

/** The end; a parent that waits is told to look. */
export function programEnded({ outcome, code, because, value = { value: null, blob: null }, bytes = 0 }: Ending): Draft {
  const text = because.slice(0, 4_000).toWellFormed();
  return {
    event: ({ state }) => ({ type: 'runtime.loop.program-ended', data: { outcome, ...value, code, because: text, steps: state.steps, dataSubject: begunOf(state).dataSubject } }),
    bytes: bytes + writtenBytes(code) + writtenBytes(text),
    arms: ({ now, state }) => {
      const { runId, parent } = begunOf(state);
      const told = parent ?? { runId, path: '0' };
      return wake(`${runId.slice(0, 28)}-end`, told.runId, now, { kind: 'child-ended', path: told.path, childRunId: runId });
    },
  };
}

/** Of a run that nobody has in hand, though its record says that a worker has it: a later life of what that one worked under. */
export function pickUpAgain(runId: string, lease: string): TimerDraft {
  return wake(lease, runId, AT_ONCE, { kind: 'pick-up' });
}

/** To one child that its parent, which was cancelled, could not tell. */
export function childCut(childRunId: string, parentRunId: string): TimerDraft {
  return wake(`${childRunId.slice(0, 28)}-cut`, childRunId, AT_ONCE, { kind: 'parent-cancelled', parentRunId });
}

const AT_ONCE = '2000-01-01T00:00:00.000Z';

/**
 * The wake-ups that the record of a run asks for. They are armed before their commit, and are forgotten where it comes
 * much later than that; whoever finds the record in place arms them again.
 */
export function wakeUpsOf(state: ProgramState): readonly TimerDraft[] {
  const { runId, parent } = begunOf(state);
  if (state.ended !== null) return parent === null ? [] : [wake(`${runId.slice(0, 28)}-end`, parent.runId, AT_ONCE, { kind: 'child-ended', path: parent.path, childRunId: runId })];
  return [...state.waits].flatMap(([path, wait]) => {
    if (wait.kind === 'timer') return [wake(wait.timerId, runId, wait.dueAt, { kind: 'timer', path })];
    return wait.kind === 'child' ? [wake(`${wait.childRunId.slice(0, 28)}-go`, wait.childRunId, AT_ONCE, { kind: 'begin-child', parentRunId: runId, path })] : [];
  });
}

/** A run that is cancelled takes the children along that it waits for: each is told to look at its parent. */
export function childrenCut(now: string, state: ProgramState): readonly TimerDraft[] {
  const { runId } = begunOf(state);
  return [...state.waits.values()].flatMap((wait) =>
    wait.kind === 'child' ? [wake(`${wait.childRunId.slice(0, 28)}-cut`, wait.childRunId, now, { kind: 'parent-cancelled', parentRunId: runId })] : [],
  );
}

function wake(timerId: string, runId: string, dueAt: string, look: WakeUp): TimerDraft {
  return { timerId, address: { context: 'runtime', entity: 'loop', key: runId }, dueAt, body: look };
}

/** What a due message says. It carries no authority: whoever gets it looks at the log. */
export type WakeUp =
  | { readonly kind: 'timer'; readonly path: string }
  | { readonly kind: 'begin-child'; readonly parentRunId: string; readonly path: string }
  | { readonly kind: 'parent-cancelled'; readonly parentRunId: string }
  | { readonly kind: 'child-ended'; readonly path: string; readonly childRunId: string }
  | { readonly kind: 'pick-up' };
