/** What is on record of a program's run: each call with what became of it, and where the run stands. */
import type { CallForm, ProgramEvent } from '@soloist/contracts';
import { isErased, type Commit, type EventLog } from '@soloist/eventlog';
import { loadedFrom, type Loaded } from '@soloist/service';
import { valueOf } from './carried.js';
import type { JsonValue } from './define-program.js';
import { programEntity, type Carried, type ProgramState, type Received } from './program-state.js';

/** How a call ended. */
export type Settled =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'step-failed'; readonly code: string; readonly because: string }
  | { readonly kind: 'child-failed'; readonly childRunId: string; readonly outcome: string; readonly because: string };

export interface RecordedCall {
  readonly form: CallForm;
  /** Of a step: the last attempt on record. */
  attempt: number;
  /** Of a step: attempts that failed, none of them for good. */
  failures: number;
  settled: Settled | null;
  /** The code has made this call again. */
  isReached: boolean;
}

export interface ProgramRecord {
  readonly state: ProgramState;
  /** With its head, for a commit that is decided on what was read. Null when nothing was. */
  readonly loaded: Loaded<ProgramState> | null;
  readonly calls: ReadonlyMap<string, RecordedCall>;
  /** A personal value whose subject was erased: nothing can be done with this run any more. */
  readonly isErased: boolean;
}

/** @throws Fault of the log */
export async function readProgram(log: EventLog, runId: string): Promise<ProgramRecord> {
  const commits = await log.read({ context: programEntity.context, entity: programEntity.entity, key: runId });
  return recordOf(log, commits);
}

export async function recordOf(log: EventLog, commits: readonly Commit[]): Promise<ProgramRecord> {
  const events = commits.flatMap((commit) => commit.events) as readonly ProgramEvent[];
  const loaded = loadedFrom(programEntity, commits);
  const { state } = loaded;
  if (events.some((event) => Object.values(event.data).some(isErased))) return { state, loaded, calls: new Map(), isErased: true };
  const calls = new Map<string, RecordedCall>();
  const received = new Map<string, Received>();
  for (const event of events) await take(log, calls, received, event);
  return { state, loaded, calls, isErased: false };
}

async function take(log: EventLog, calls: Map<string, RecordedCall>, received: Map<string, Received>, event: ProgramEvent): Promise<void> {
  const settle = (path: string, settled: Settled): void => {
    const call = calls.get(path);
    if (call !== undefined) call.settled = settled;
  };
  switch (event.type) {
    case 'runtime.loop.step-claimed':
      return claimed(calls, event.data);
    case 'runtime.loop.timer-armed':
      return waited(calls, 'timer', event.data);
    case 'runtime.loop.event-awaited':
      return waited(calls, 'event', event.data);
    case 'runtime.loop.child-requested':
      return waited(calls, 'child', event.data);
    case 'runtime.loop.step-completed':
      return settle(event.data.path, await valueSettled(log, event.data));
    case 'runtime.loop.step-failed': {
      const { path, code, because, isFinal } = event.data;
      return isFinal ? settle(path, { kind: 'step-failed', code, because }) : failedOnce(calls.get(path));
    }
    case 'runtime.loop.timer-fired':
      return settle(event.data.path, { kind: 'value', value: null });
    case 'runtime.loop.event-received':
      received.set(event.data.eventId, event.data);
      return;
    case 'runtime.loop.event-taken': {
      const taken = received.get(event.data.eventId);
      return taken === undefined ? undefined : settle(event.data.path, await valueSettled(log, taken));
    }
    case 'runtime.loop.child-ended': {
      const { path, childRunId, outcome, because } = event.data;
      return settle(path, outcome === 'done' ? await valueSettled(log, event.data) : { kind: 'child-failed', childRunId, outcome, because });
    }
    case 'runtime.loop.program-continued':
      for (const unread of event.data.unread) received.set(unread.eventId, unread);
      calls.clear();
      return;
  }
}

async function valueSettled(log: EventLog, carried: Carried): Promise<Settled> {
  return { kind: 'value', value: await valueOf(log, carried) };
}

function claimed(calls: Map<string, RecordedCall>, data: { path: string; name: string; argsDigest: string; attempt: number }): void {
  const { path, name, argsDigest, attempt } = data;
  const call = calls.get(path);
  if (call === undefined) calls.set(path, { form: { kind: 'step', name, argsDigest }, attempt, failures: 0, settled: null, isReached: false });
  else call.attempt = attempt;
}

function failedOnce(call: RecordedCall | undefined): void {
  if (call !== undefined) call.failures += 1;
}

function waited(calls: Map<string, RecordedCall>, kind: CallForm['kind'], { path, name, argsDigest }: { path: string; name: string; argsDigest: string }): void {
  calls.set(path, { form: { kind, name, argsDigest }, attempt: 0, failures: 0, settled: null, isReached: false });
}
