/**
 * Where a program's run stands, without its results: what a commit is decided on. Small, however long the run is.
 *
 * I1 whoever picks the run up counts the epoch up, so that the expectation and the epoch fence every older worker
 * I2 a paused run begins nothing: what its workers do about that is in `batch.ts`
 * I3 an event that came and a call that waits for it are paired by the commit that sees both: never both stay open
 */
import type { ProgramEvent, ProgramOutcome } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';

type DataOf<Name extends string> = Extract<ProgramEvent, { type: `runtime.loop.${Name}` }>['data'];

/** JSON in its event or in a blob. */
export type Carried = Pick<DataOf<'step-completed'>, 'value' | 'blob'>;

export interface Begun {
  readonly runId: string;
  readonly program: string;
  readonly version: string;
  readonly input: Carried;
  readonly parent: DataOf<'program-started'>['parent'];
  readonly dataSubject: string;
}

export type Wait =
  | { readonly kind: 'timer'; readonly timerId: string; readonly dueAt: string }
  | { readonly kind: 'event'; readonly name: string }
  | { readonly kind: 'child'; readonly childRunId: string; readonly program: string; readonly version: string; readonly input: Carried };

export interface Received extends Carried {
  readonly eventId: string;
  readonly name: string;
}

export interface ProgramState {
  readonly begun: Begun | null;
  /** Counts the histories of the run: 1, and one more each time it continues as new. */
  readonly generation: number;
  readonly epoch: number;
  /** The delivery whose worker has the run; null while it is suspended or over. */
  readonly holder: string | null;
  readonly waits: ReadonlyMap<string, Wait>;
  /** Received and not taken. */
  readonly unread: readonly Received[];
  /** Of events, and of wishes to pause or resume: what came lately, so that it is known when it comes again. */
  readonly eventIds: ReadonlySet<string>;
  readonly isPaused: boolean;
  readonly steps: number;
  readonly isCancelled: boolean;
  readonly ended: { readonly outcome: ProgramOutcome; readonly value: Carried; readonly because: string } | null;
}

const initial: ProgramState = { begun: null, generation: 1, epoch: 0, holder: null, waits: new Map(), unread: [], eventIds: new Set(), isPaused: false, steps: 0, isCancelled: false, ended: null };

export const programEntity = defineEntity<ProgramState, ProgramEvent>({ context: 'runtime', entity: 'loop', initial, evolve });

function evolve(state: ProgramState, event: ProgramEvent): ProgramState {
  switch (event.type) {
    case 'runtime.loop.program-started':
      return { ...state, begun: begunBy(event.data) };
    case 'runtime.loop.program-claimed':
      return { ...state, epoch: event.data.epoch, holder: event.data.lease };
    case 'runtime.loop.step-claimed':
    case 'runtime.loop.program-diverged':
      return state;
    case 'runtime.loop.step-completed':
      return { ...state, steps: state.steps + 1 };
    case 'runtime.loop.step-failed':
      return event.data.isFinal ? { ...state, steps: state.steps + 1 } : state;
    case 'runtime.loop.timer-armed':
      return waiting(state, event.data.path, { kind: 'timer', timerId: event.data.timerId, dueAt: event.data.dueAt });
    case 'runtime.loop.event-awaited':
      return waiting(state, event.data.path, { kind: 'event', name: event.data.name });
    case 'runtime.loop.child-requested': {
      const { path, childRunId, program, version, value, blob } = event.data;
      return waiting(state, path, { kind: 'child', childRunId, program, version, input: { value, blob } });
    }
    case 'runtime.loop.timer-fired':
    case 'runtime.loop.child-ended':
      return settled(state, event.data.path);
    case 'runtime.loop.event-received': {
      const { eventId, name, value, blob } = event.data;
      return { ...state, unread: [...state.unread, { eventId, name, value, blob }], eventIds: new Set([...state.eventIds, eventId]) };
    }
    case 'runtime.loop.event-taken': {
      const { path, eventId } = event.data;
      return { ...settled(state, path), unread: state.unread.filter((received) => received.eventId !== eventId) };
    }
    case 'runtime.loop.program-suspended':
      return { ...state, holder: null };
    case 'runtime.loop.program-paused':
    case 'runtime.loop.program-resumed':
      return { ...state, isPaused: event.type === 'runtime.loop.program-paused', eventIds: new Set([...state.eventIds, event.data.commandId]) };
    case 'runtime.loop.cancel-requested':
      return { ...state, isCancelled: true };
    case 'runtime.loop.program-continued':
      return continued(event.data);
    case 'runtime.loop.program-ended': {
      const { outcome, value, blob, because } = event.data;
      return { ...state, holder: null, isPaused: false, waits: new Map(), unread: [], ended: { outcome, value: { value, blob }, because } };
    }
    default:
      // The run of an agent lies on the same subject: whoever asks whether it is a program's is told by `begun`.
      return state;
  }
}

export function begunBy(data: DataOf<'program-started' | 'program-continued'>): Begun {
  const { runId, program, version, value, blob, parent, dataSubject } = data;
  return { runId, program, version, input: { value, blob }, parent, dataSubject };
}

/** Says everything a reader needs who starts here. A paused run begins no new history. */
function continued(data: DataOf<'program-continued'>): ProgramState {
  const { generation, epoch, lease, steps, isCancelled, unread, eventIds } = data;
  return { ...initial, begun: begunBy(data), generation, epoch, holder: lease, steps, isCancelled, unread, eventIds: new Set(eventIds) };
}

function waiting(state: ProgramState, path: string, wait: Wait): ProgramState {
  return { ...state, waits: new Map([...state.waits, [path, wait]]) };
}

function settled(state: ProgramState, path: string): ProgramState {
  return { ...state, waits: new Map([...state.waits].filter(([other]) => other !== path)) };
}

/** @throws Error when nothing began: a defect of the caller */
export function begunOf(state: ProgramState): Begun {
  if (state.begun === null) throw new Error('no program began here');
  return state.begun;
}
