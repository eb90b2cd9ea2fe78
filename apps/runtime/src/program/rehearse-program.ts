/**
 * A recorded run of a program, executed again from its first line against the record and nothing else: every call answers
 * from the record, no function of a step is called, nothing is written.
 *
 * I1 no effect: what is not on record is not begun
 * I2 the first call that differs from its record is shown with both sides, as is an end that differs
 * I3 each history of the run is held against the code, since `continueAsNew` starts it anew
 */
import type { CallForm, ProgramEvent } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import { CallBook, type Difference } from './call-book.js';
import { childForm, digestOf, eventForm, stepForm, timerForm, type DueIn } from './call-forms.js';
import { ownCopy, valueOf } from './carried.js';
import type { JsonValue, Program, ProgramId, ProgramRegistry, StepCall, StepOptions } from './define-program.js';
import { badInput, badMoment, badName, failureOf } from './failure.js';
import type { Ending } from './drafts.js';
import { contextOn, type Calls } from './program-context.js';
import { recordOf, type ProgramRecord } from './program-record.js';
import { begunOf } from './program-state.js';
import { comeToRest } from './rest.js';

/** How a history came out. `open`: its code waits, or was stopped from outside. */
export interface HistoryEnd {
  readonly kind: 'done' | 'failed' | 'continued' | 'open';
  /** Of the value, of the new input, or of the reason. */
  readonly digest: string | null;
}

export type Rehearsal =
  | { readonly kind: 'equal'; readonly histories: number; readonly calls: number }
  | { readonly kind: 'call-differs'; readonly history: number; readonly difference: Difference }
  | { readonly kind: 'end-differs'; readonly history: number; readonly recorded: HistoryEnd; readonly replayed: HistoryEnd }
  | { readonly kind: 'no-program' }
  /** Nothing to run, or nothing to run against. */
  | { readonly kind: 'impossible'; readonly because: string };

interface History {
  readonly commits: readonly Commit[];
  readonly next: Extract<ProgramEvent, { type: 'runtime.loop.program-continued' }> | null;
}

/** @throws Fault of the log */
export async function rehearseProgram(log: EventLog, runId: string, programs: ProgramRegistry): Promise<Rehearsal> {
  const commits = await log.history({ context: 'runtime', entity: 'loop', key: runId });
  if (commits[0]?.events[0]?.type !== 'runtime.loop.program-started') return { kind: 'no-program' };
  let calls = 0;
  const histories = historiesOf(commits);
  for (const [index, history] of histories.entries()) {
    const record = await recordOf(log, history.commits);
    if (record.isErased) return { kind: 'impossible', because: `The person run ${runId} is about was erased; there is no record to run against.` };
    const { program: name, version } = begunOf(record.state);
    const program = programs.find(name, version);
    if (program === null) return { kind: 'impossible', because: `There is no program ${name} ${version} here. Register that version to replay the run.` };
    const recorded = await recordedEnd(log, record, history);
    const run = new Rehearsed(runId, record, recorded !== null);
    const replayed = await run.execute(program, await valueOf(log, begunOf(record.state).input));
    if (run.difference !== null) return { kind: 'call-differs', history: index + 1, difference: run.difference };
    if (recorded !== null && (recorded.kind !== replayed.kind || recorded.digest !== replayed.digest)) return { kind: 'end-differs', history: index + 1, recorded, replayed };
    calls += record.calls.size;
  }
  return { kind: 'equal', histories: histories.length, calls };
}

/** Checked against their contracts when they were read. */
function eventsOf(commit: Commit): readonly ProgramEvent[] {
  return commit.events as readonly ProgramEvent[];
}

/** What continues a run ends one history and begins the next. */
function historiesOf(commits: readonly Commit[]): readonly History[] {
  const found: History[] = [];
  let own: Commit[] = [];
  for (const commit of commits) {
    const events = eventsOf(commit);
    const at = events.findIndex((event) => event.type === 'runtime.loop.program-continued');
    const next = events[at];
    if (next?.type !== 'runtime.loop.program-continued') own.push(commit);
    else {
      found.push({ commits: [...own, { ...commit, events: events.slice(0, at) }], next });
      own = [{ ...commit, events: events.slice(at) }];
    }
  }
  return [...found, { commits: own, next: null }];
}

/** Ends that the code did not come to itself. */
const STOPPED = /^(program\.(awaits-outside|continued-early|cancelled|diverged)|subject\.|log\.)/;

/** Null where the code was stopped, or a worker is at it: then what the record lacks says nothing. */
async function recordedEnd(log: EventLog, { state }: ProgramRecord, { commits, next }: History): Promise<HistoryEnd | null> {
  if (next !== null) return { kind: 'continued', digest: digestOf(await valueOf(log, next.data)) };
  const ended = commits.flatMap(eventsOf).find((event) => event.type === 'runtime.loop.program-ended');
  if (ended?.type !== 'runtime.loop.program-ended') return state.holder === null ? { kind: 'open', digest: null } : null;
  if (STOPPED.test(ended.data.code)) return null;
  if (ended.data.outcome === 'done') return { kind: 'done', digest: digestOf(await valueOf(log, ended.data)) };
  return { kind: 'failed', digest: digestOf([ended.data.code, ended.data.because]) };
}

class Continuing {
  constructor(readonly input: JsonValue) {}
}

class Rehearsed implements Calls {
  private readonly book: CallBook;

  constructor(
    readonly runId: string,
    record: ProgramRecord,
    /** The record holds all that the code had asked for. */
    private readonly isWhole: boolean,
  ) {
    this.book = new CallBook(record.calls);
  }

  get difference(): Difference | null {
    return this.book.difference;
  }

  async execute(program: Program, input: JsonValue): Promise<HistoryEnd> {
    let end: HistoryEnd = { kind: 'open', digest: null };
    const bad = badInput(program, input);
    if (bad !== null) {
      this.book.checkReached();
      return endedBy(bad);
    }
    void (async () => program.run(contextOn(this), ownCopy(input) as never))()
      .then(
        (value) => (end = { kind: 'done', digest: digestOf(value ?? null) }),
        (error: unknown) => (end = error instanceof Continuing ? { kind: 'continued', digest: digestOf(error.input) } : failedEnd(error)),
      )
      .catch((error: unknown) => (end = failedEnd(error)));
    await comeToRest(() => false);
    this.book.checkReached();
    return end;
  }

  step(path: string, name: string, _: (call: StepCall) => unknown, { args = null }: StepOptions): Promise<JsonValue> {
    return this.make(path, stepForm(name, args), () => badName('step', name));
  }

  timer(path: string, due: DueIn): Promise<JsonValue> {
    return this.make(path, timerForm(due), () => badMoment(due));
  }

  event(path: string, name: string): Promise<JsonValue> {
    return this.make(path, eventForm(name), () => badName('event', name));
  }

  child(path: string, id: ProgramId, input: JsonValue): Promise<JsonValue> {
    return this.make(path, childForm(id, input), () => badName('program', `${id.name} ${id.version}`));
  }

  async continueAsNew(input: JsonValue): Promise<never> {
    throw new Continuing(input) as unknown as Error;
  }

  private make(path: string, form: CallForm | null, refusal: () => Error): Promise<JsonValue> {
    if (form === null) return Promise.reject(refusal());
    return this.book.make(path, form, (_, isRecorded) => {
      if (!isRecorded && this.isWhole) this.book.difference ??= { path, recorded: null, replayed: form };
    });
  }
}

function failedEnd(error: unknown): HistoryEnd {
  return endedBy(failureOf(error));
}

function endedBy({ code, because }: Ending): HistoryEnd {
  return { kind: 'failed', digest: digestOf([code, because.slice(0, 4_000).toWellFormed()]) };
}
