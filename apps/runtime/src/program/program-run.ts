/**
 * Executes one run of a program in one worker, from where the log stands until nothing can go on here.
 *
 * I1 a step's function is called only after its claim is on the log, by the worker whose commit that was
 * I2 the result of a step is written with the claim of the next, and the same worker goes on without a delivery
 * I3 a worker that finds itself overtaken writes nothing more
 * I4 what is suspended is on the log and nowhere else
 * I5 while the run is paused its worker writes what has ended, looks now and then whether it may go on, and leaves when
 *    nothing is under way any more
 */
import type { ProgramEvent } from '@soloist/contracts';
import { crashPoint, type Work } from '@soloist/service';
import { heldElsewhere } from '../loop/commit-step.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { batchOn, type Batch } from './batch.js';
import { callId, type CallIdPurpose } from './call-ids.js';
import { CallBook } from './call-book.js';
import { childForm, eventForm, stepForm, timerForm, type DueIn } from './call-forms.js';
import { ownCopy, valueOf, type Carrying } from './carried.js';
import type { JsonValue, ProgramId, StepCall, StepOptions } from './define-program.js';
import { childRequested, eventAwaited, programEnded, timerArmed, type Draft, type Ending } from './drafts.js';
import { programContinued, programDiverged, Unparked } from './endings.js';
import { badInput, badMoment, badName, failureOf } from './failure.js';
import { ended } from './open-here.js';
import { contextOn, type Calls } from './program-context.js';
import { readProgram } from './program-record.js';
import { programEntity, type Carried, type ProgramState, type Received } from './program-state.js';
import type { RunEntry } from './run-entry.js';
import { comeToRest } from './rest.js';
import { StepRunner } from './step-runner.js';

/** Why a run is never to be continued by this object: the code asked for a new history. */
class Continued {
  constructor(readonly input: Carried) {}
}

/** Leaves a decision that needs wake-ups which are not armed yet: no commit, and nothing to be read for it. */
class Unarmed {
  constructor(readonly arms: Batch['arms']) {}
}

/** How soon a worker that is kept by a step of a paused run finds that it was resumed. */
const HELD_BACK_MS = 500;

export class ProgramRun implements Calls {
  readonly runId: string;
  private readonly book: CallBook;
  private readonly steps: StepRunner;
  private drafts: Draft[] = [];
  private opening: readonly ProgramEvent[];
  private expectedEpoch: number;
  private ending: Ending | Continued | null = null;
  private readonly armed = new Set<string>();
  private readonly parked = new Map<string, Carried>();
  /** What a pause keeps from being written. */
  private heldBack: ReadonlySet<Draft> = new Set();
  private conclusion: { readonly of: object; readonly drafts: readonly Draft[] } | null = null;
  private nextEnd: Promise<void> | null = null;

  constructor(
    private readonly work: Work<RuntimePorts>,
    private readonly entry: RunEntry,
    private turn: { count: number },
  ) {
    this.runId = entry.begun.runId;
    this.book = new CallBook(entry.calls);
    this.opening = entry.opening;
    this.expectedEpoch = entry.seenEpoch;
    const { runId, dataSubject } = entry.begun;
    this.steps = new StepRunner(work, { runId, dataSubject, epoch: entry.epoch, book: this.book, draft: (draft) => this.drafts.push(draft), failuresOf: (path) => entry.calls.get(path)?.failures ?? 0 });
  }

  /** @returns the input of the next history when the program continues as new, else null @throws Fault transient when overtaken */
  async drive(): Promise<{ readonly state: ProgramState } | null> {
    await this.launch();
    // Of a history that has calls on record, none may be missed.
    await comeToRest(() => this.entry.calls.size === 0 && this.isDecided());
    this.book.checkReached();
    try {
      for (;;) {
        this.conclude();
        if (this.hasNews() || this.opening.length > 0 || !this.steps.isBusy) {
          const { batch, state } = await this.write();
          if (batch.end === 'continued') return { state };
          if (batch.end !== 'none') return null;
          this.heldBack = new Set(batch.isHeldBack ? this.drafts : []);
        } else {
          await this.untilSomethingEnds();
        }
        await comeToRest(() => this.isDecided());
      }
    } finally {
      this.steps.abandon();
    }
  }

  private hasNews(): boolean {
    return this.drafts.some((draft) => !this.heldBack.has(draft));
  }

  private async untilSomethingEnds(): Promise<void> {
    this.nextEnd ??= this.steps.nextEnd().finally(() => (this.nextEnd = null));
    if (this.heldBack.size === 0) return this.nextEnd;
    await Promise.race([this.nextEnd, this.work.ports.pause(HELD_BACK_MS)]);
    this.heldBack = new Set();
  }

  /** What the next commit is for is at hand: the claim of a step, or the end. */
  private isDecided(): boolean {
    return this.ending !== null || this.drafts.some((draft) => draft.committed !== undefined);
  }

  private async launch(): Promise<void> {
    const input = ownCopy(await valueOf(this.work.log, this.entry.begun.input));
    this.ending = badInput(this.entry.program, input);
    if (this.ending !== null) return;
    void (async () => this.entry.program.run(contextOn(this), input as never))()
      .then((value) => this.steps.carry(value))
      .then(({ carried, bytes }) => ({ outcome: 'done' as const, code: 'program.done', because: '', value: carried, bytes }))
      .catch((error: unknown) => (error instanceof Continued ? error : failureOf(error)))
      // What was thrown may be such that it cannot even be asked what it is.
      .catch(failureOf)
      .then((ending) => this.endWith(ending));
  }

  private endWith(ending: Ending | Continued): void {
    this.ending ??= ending;
    this.steps.notify();
  }

  /** Adds what ends the run, if anything does. */
  private conclude(): void {
    if (this.book.difference !== null) {
      this.drafts = [];
      return this.closeWith(this.book.difference, programDiverged);
    }
    if (this.ending instanceof Continued) {
      if (this.steps.isBusy) this.ending = { outcome: 'failed', code: 'program.continued-early', because: 'The program continued as new while steps of it were running. Wait for them first.' };
      else return this.closeWith(this.ending, ({ input }) => [programContinued(this.entry, this.work.cause, input, this.parked)]);
    }
    if (this.ending !== null) return this.closeWith(this.ending, (ending) => [programEnded(ending)]);
    const isStuck = this.book.open.size === 0 && this.drafts.length === 0 && !this.steps.isBusy;
    if (isStuck) this.drafts.push(programEnded({ outcome: 'failed', code: 'program.awaits-outside', because: 'The program waits for something that is no call of its context. Put it into a step.' }));
  }

  /** Behind all that is still to be written, and once. */
  private closeWith<Why extends object>(why: Why, draftsOf: (why: Why) => readonly Draft[]): void {
    const before = this.conclusion;
    const drafts = before?.of === why ? before.drafts : draftsOf(why);
    this.drafts = [...this.drafts.filter((draft) => before?.drafts.includes(draft) !== true), ...drafts];
    this.conclusion = { of: why, drafts };
  }

  /** One commit. @throws Fault transient when another worker has the run */
  private async write(): Promise<{ batch: Batch; state: ProgramState }> {
    this.turn.count += 1;
    // A broker that was killed may count a delivery as it counted an earlier one; epochs are given once.
    const step = `program:${this.work.deliveryCount}:${this.entry.epoch}:${this.turn.count}`;
    const outbox = { opening: this.opening, drafts: this.drafts, isBusy: this.steps.isBusy, epoch: this.entry.epoch, isMissed: (state: ProgramState) => this.isMissed(state) };
    /** Why wake-ups cannot be armed: then what has happened is written, and nothing begins. */
    let unarmable: unknown = null;
    const { isNew, seen } = this.entry;
    // What was read when the run was picked up is what its first commit is decided on.
    const asRead = this.turn.count > 1 ? null : seen;
    const from = asRead === null ? {} : { seen: asRead };
    for (;;) {
      const made: { batch: Batch | null } = { batch: null };
      const decide = (state: ProgramState, now: string): readonly ProgramEvent[] => {
        // The code ran on the record as it was read: what a holder wrote since then, it does not know.
        const isAsRead = asRead === null || state === asRead.state;
        made.batch = isAsRead && state.epoch === this.expectedEpoch && state.ended === null ? batchOn(state, { ...outbox, isUnarmable: unarmable !== null }, now) : null;
        if (made.batch?.arms.some((arm) => !this.armed.has(arm.timerId)) === true) throw new Unarmed(made.batch.arms) as unknown as Error;
        return made.batch?.events ?? [];
      };
      try {
        const outcome = await this.work.commit(programEntity, this.runId, step, decide, { get startsHistory() { return made.batch?.end === 'continued'; }, isNew: isNew && this.turn.count === 1, ...from });
        if (unarmable !== null) throw unarmable;
        if (made.batch?.events.length === 0 && outcome.kind === 'unchanged') {
          await this.lookAgain();
          return { batch: made.batch, state: outcome.state };
        }
        if (made.batch === null || outcome.kind !== 'committed') throw heldElsewhere(this.runId);
        await this.written(made.batch, outcome.state);
        return { batch: made.batch, state: outcome.state };
      } catch (error) {
        if (error instanceof Unparked) {
          await this.park(error.events);
          continue;
        }
        if (!(error instanceof Unarmed)) throw error;
        if (unarmable !== null) throw unarmable;
        unarmable = await this.arm(error.arms).then(() => null, (fault: unknown) => fault);
      }
    }
  }

  private async park(events: readonly Received[]): Promise<void> {
    for (const { eventId, value } of events) this.parked.set(eventId, await this.steps.park(value));
  }

  private async arm(arms: Batch['arms']): Promise<void> {
    for (const timer of arms) {
      await this.work.log.arm(timer);
      this.armed.add(timer.timerId);
      crashPoint('armed:program');
    }
  }

  private async written({ written, taken }: Batch, state: ProgramState): Promise<void> {
    this.drafts = this.drafts.filter((draft) => !written.has(draft));
    this.opening = [];
    this.expectedEpoch = this.entry.epoch;
    if (state.ended !== null) return ended(this.work.ports, this.runId);
    for (const draft of written) draft.committed?.();
    for (const { path, received } of taken) this.book.settle(path, { kind: 'value', value: await valueOf(this.work.log, received) });
    if (this.isMissed(state)) await this.lookAgain();
  }

  private isMissed(state: ProgramState): boolean {
    return [...this.book.open.keys()].some((path) => !state.waits.has(path) && !this.steps.has(path));
  }

  /** Another delivery has settled a wait of ours. */
  private async lookAgain(): Promise<void> {
    const { calls } = await readProgram(this.work.log, this.runId);
    for (const [path, call] of calls) if (call.settled !== null) this.book.settle(path, call.settled);
  }

  step(path: string, name: string, run: (call: StepCall) => unknown, { args = null, retries = 2 }: StepOptions): Promise<JsonValue> {
    const form = stepForm(name, args);
    if (form === null) return Promise.reject(badName('step', name));
    return this.book.make(path, form, (attempt) => this.steps.claim({ path, form, run, args, retries, idempotencyKey: () => this.idOf('step', path) }, attempt + 1));
  }

  timer(path: string, due: DueIn): Promise<JsonValue> {
    const form = timerForm(due);
    if (form === null) return Promise.reject(badMoment(due));
    const dueAt = (now: string): string => new Date('at' in due ? due.at : Date.parse(now) + due.afterMs).toISOString();
    return this.book.make(path, form, (_, isRecorded) => {
      if (!isRecorded) this.drafts.push(timerArmed(path, form, this.idOf('timer', path), dueAt));
    });
  }

  event(path: string, name: string): Promise<JsonValue> {
    const form = eventForm(name);
    if (form === null) return Promise.reject(badName('event', name));
    return this.book.make(path, form, (_, isRecorded) => {
      if (!isRecorded) this.drafts.push(eventAwaited(path, form));
    });
  }

  async child(path: string, { name, version }: ProgramId, input: JsonValue): Promise<JsonValue> {
    // @throws RangeError for an input without a JSON form
    const form = childForm({ name, version }, input);
    if (form === null) throw badName('program', `${name} ${version}`);
    // Before anything is waited for: a call on record that the code makes a turn later would count as missed.
    return this.book.make(path, form, (_, isRecorded) => {
      if (isRecorded) return;
      const request = ({ carried, bytes }: Carrying): void => {
        const child = { childRunId: this.idOf('child', path), program: name, version, input: carried };
        this.drafts.push(childRequested(path, form, child, bytes));
      };
      this.steps.carry(input, request).catch((error: unknown) => this.endWith(failureOf(error)));
    });
  }

  async continueAsNew(input: JsonValue): Promise<never> {
    const { carried } = await this.steps.carry(input);
    // Thrown through the program's code, which must not go on; it is no failure of anybody.
    throw new Continued(carried) as unknown as Error;
  }

  private idOf(purpose: CallIdPurpose, path: string): string {
    return callId(purpose, this.runId, this.entry.generation, path);
  }
}
