/**
 * Executes one run of a program in one worker, from where the log stands until nothing can go on here.
 *
 * I1 a step's function is called only after its claim is on the log, by the worker whose commit that was
 * I2 the result of a step is written with the claim of the next, and the same worker goes on without a delivery
 * I3 a worker that finds itself overtaken writes nothing more
 * I4 what is suspended is on the log and nowhere else
 */
import { ProgramName, ProgramVersion, StepName, type ProgramEvent } from '@soloist/contracts';
import { derivedId, sha256Hex } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import { crashPoint, type Work } from '@soloist/service';
import { heldElsewhere } from '../loop/commit-step.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { batchOn, type Batch } from './batch.js';
import { CallBook } from './call-book.js';
import { carry, valueOf } from './carried.js';
import type { JsonValue, Program, ProgramId, StepCall, StepOptions } from './define-program.js';
import { childRequested, eventAwaited, programEnded, timerArmed, type Draft, type Ending } from './drafts.js';
import { badName, failureOf, formOf } from './failure.js';
import { contextOn, type Calls } from './program-context.js';
import { readProgram, type RecordedCall } from './program-record.js';
import { programEntity, type Begun, type Carried, type ProgramState } from './program-state.js';
import { StepRunner } from './step-runner.js';

export interface RunEntry {
  readonly program: Program;
  readonly begun: Begun;
  readonly generation: number;
  /** What is on record, with what this delivery brings already settled. */
  readonly calls: ReadonlyMap<string, RecordedCall>;
  /** What this delivery brings, and the claim of the run. */
  readonly opening: readonly ProgramEvent[];
  /** The epoch on the log when it was read, and the one claimed by `opening`. */
  readonly seenEpoch: number;
  readonly epoch: number;
}

/** Why a run is never to be continued by this object: the code asked for a new history. */
class Continued {
  constructor(readonly input: Carried) {}
}

const NO_ARGS = sha256Hex('null');

export class ProgramRun implements Calls {
  readonly runId: string;
  private readonly book: CallBook;
  private readonly steps: StepRunner;
  private drafts: Draft[] = [];
  private opening: readonly ProgramEvent[];
  private expectedEpoch: number;
  private ending: Ending | Continued | null = null;
  private readonly armed = new Set<string>();

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
    this.steps = new StepRunner(work, { runId, dataSubject, epoch: entry.epoch, book: this.book, draft: (draft) => this.drafts.push(draft) });
  }

  /** @returns the input of the next history when the program continues as new, else null @throws Fault transient when overtaken */
  async drive(): Promise<{ readonly state: ProgramState } | null> {
    await this.launch();
    await comeToRest(() => false);
    this.book.checkReached();
    try {
      for (;;) {
        this.conclude();
        if (this.drafts.length > 0 || this.opening.length > 0 || !this.steps.isBusy) {
          const { batch, state } = await this.write();
          if (batch.end === 'continued') return { state };
          if (batch.end !== 'none') return null;
        } else {
          await this.steps.nextEnd();
        }
        await comeToRest(() => this.drafts.some((draft) => draft.committed !== undefined));
      }
    } finally {
      this.steps.abandon();
    }
  }

  private async launch(): Promise<void> {
    const input = await valueOf(this.work.log, this.entry.begun.input);
    const { log } = this.work;
    const { dataSubject } = this.entry.begun;
    void (async () => this.entry.program.run(contextOn(this), input as never))()
      .then((value) => this.steps.busyWith(carry(log, value, dataSubject)))
      .then(({ carried, bytes }) => ({ outcome: 'done' as const, code: 'program.done', because: '', value: carried, bytes }))
      .catch((error: unknown) => (error instanceof Continued ? error : failureOf(error)))
      .then((ending) => {
        this.ending ??= ending;
        this.steps.notify();
      });
  }

  /** Adds what ends the run, if anything does. */
  private conclude(): void {
    if (this.book.difference !== null) {
      const { path, recorded, replayed } = this.book.difference;
      const said = `At ${path} the record has ${formOf(recorded)}, the code does ${formOf(replayed)}. Start a new run, or register changed code under a new version.`;
      const diverged: Draft = { event: () => ({ type: 'runtime.loop.program-diverged', data: { path, recorded, replayed } }), bytes: 0 };
      this.drafts = [diverged, programEnded({ outcome: 'diverged', code: 'program.diverged', because: said })];
      return;
    }
    if (this.ending instanceof Continued) {
      if (this.steps.isBusy) this.ending = { outcome: 'failed', code: 'program.continued-early', because: 'The program continued as new while steps of it were running. Wait for them first.' };
      else return void this.drafts.push(this.continuation(this.ending.input));
    }
    if (this.ending !== null) return void this.drafts.push(programEnded(this.ending));
    const isStuck = this.book.open.size === 0 && this.drafts.length === 0 && !this.steps.isBusy;
    if (isStuck) this.drafts.push(programEnded({ outcome: 'failed', code: 'program.awaits-outside', because: 'The program waits for something that is no call of its context. Put it into a step.' }));
  }

  private continuation(input: Carried): Draft {
    const { begun, generation, epoch } = this.entry;
    return {
      event: ({ state }) => {
        const { steps, isCancelled, unread } = state;
        const { runId, program, version, parent, dataSubject } = begun;
        const eventIds = [...state.eventIds].slice(-1_000);
        const data = { runId, program, version, ...input, parent, generation: generation + 1, epoch, lease: this.work.cause, steps, isCancelled, unread: [...unread], eventIds, dataSubject };
        return { type: 'runtime.loop.program-continued', data };
      },
      bytes: 0,
    };
  }

  /** One commit. @throws Fault transient when another worker has the run */
  private async write(): Promise<{ batch: Batch; state: ProgramState }> {
    this.turn.count += 1;
    const step = `program:${this.work.deliveryCount}:${this.turn.count}`;
    const outbox = { opening: this.opening, drafts: this.drafts, isBusy: this.steps.isBusy, epoch: this.entry.epoch };
    for (;;) {
      const made: { batch: Batch | null; state: ProgramState | null } = { batch: null, state: null };
      const isUnarmed = (): boolean => made.batch?.arms.some((arm) => !this.armed.has(arm.timerId)) === true;
      const isContinued = this.ending instanceof Continued;
      const outcome = await this.work.commit(
        programEntity,
        this.runId,
        step,
        (state, now) => {
          made.batch = state.epoch === this.expectedEpoch && state.ended === null ? batchOn(state, outbox, now) : null;
          return made.batch === null || isUnarmed() ? [] : made.batch.events;
        },
        { startsHistory: isContinued },
      );
      if (made.batch === null) throw heldElsewhere(this.runId);
      if (isUnarmed()) {
        await this.arm(made.batch);
        continue;
      }
      if (outcome.kind !== 'committed') throw heldElsewhere(this.runId);
      await this.written(made.batch, outcome.state);
      return { batch: made.batch, state: outcome.state };
    }
  }

  private async arm({ arms }: Batch): Promise<void> {
    for (const timer of arms) {
      await this.work.log.arm(timer);
      this.armed.add(timer.timerId);
      crashPoint('armed:program');
    }
  }

  private async written({ count, taken }: Batch, state: ProgramState): Promise<void> {
    const written = this.drafts.slice(0, count);
    this.drafts = this.drafts.slice(count);
    this.opening = [];
    this.expectedEpoch = this.entry.epoch;
    if (state.ended !== null) return;
    for (const draft of written) draft.committed?.();
    for (const { path, received } of taken) this.book.settle(path, { kind: 'value', value: await valueOf(this.work.log, received) });
    const isMissed = [...this.book.open.keys()].some((path) => !state.waits.has(path) && !this.steps.has(path));
    if (isMissed) await this.lookAgain();
  }

  /** Another delivery has settled a wait of ours. */
  private async lookAgain(): Promise<void> {
    const { calls } = await readProgram(this.work.log, this.runId);
    for (const [path, call] of calls) if (call.settled !== null) this.book.settle(path, call.settled);
  }

  step(path: string, name: string, run: (call: StepCall) => unknown, options: StepOptions): Promise<JsonValue> {
    if (!StepName.safeParse(name).success) return Promise.reject(badName('step', name));
    const args = options.args ?? null;
    const form = { kind: 'step' as const, name, argsDigest: args === null ? NO_ARGS : sha256Hex(canonicalJson(args)) };
    return this.book.make(path, form, (attempt) => this.steps.claim({ path, form, run, args, retries: options.retries ?? 2, idempotencyKey: this.idOf('step', path) }, attempt + 1));
  }

  timer(path: string, due: { readonly afterMs: number } | { readonly at: string }): Promise<JsonValue> {
    const moment = 'at' in due ? Date.parse(due.at) : due.afterMs;
    if (!Number.isFinite(moment) || moment < 0) return Promise.reject(new RangeError(`${JSON.stringify(due)} is no moment to wait for`));
    const form = { kind: 'timer' as const, name: 'afterMs' in due ? 'sleep' : 'until', argsDigest: sha256Hex(canonicalJson(due)) };
    const dueAt = (now: string): string => new Date('at' in due ? due.at : Date.parse(now) + due.afterMs).toISOString();
    return this.book.make(path, form, (_, isRecorded) => {
      if (!isRecorded) this.drafts.push(timerArmed(path, form, this.idOf('timer', path), dueAt));
    });
  }

  event(path: string, name: string): Promise<JsonValue> {
    if (!StepName.safeParse(name).success) return Promise.reject(badName('event', name));
    const form = { kind: 'event' as const, name, argsDigest: NO_ARGS };
    return this.book.make(path, form, (_, isRecorded) => {
      if (!isRecorded) this.drafts.push(eventAwaited(path, form));
    });
  }

  async child(path: string, { name, version }: ProgramId, input: JsonValue): Promise<JsonValue> {
    if (!ProgramName.safeParse(name).success || !ProgramVersion.safeParse(version).success) throw badName('program', `${name} ${version}`);
    const form = { kind: 'child' as const, name, argsDigest: sha256Hex(canonicalJson([version, input])) };
    const { dataSubject } = this.entry.begun;
    const { carried, bytes } = await this.steps.busyWith(carry(this.work.log, input, dataSubject));
    return this.book.make(path, form, (_, isRecorded) => {
      const child = { childRunId: this.idOf('child', path), program: name, version, input: carried };
      if (!isRecorded) this.drafts.push(childRequested(path, form, child, bytes));
    });
  }

  async continueAsNew(input: JsonValue): Promise<never> {
    const { carried } = await this.steps.busyWith(carry(this.work.log, input, this.entry.begun.dataSubject));
    // Thrown through the program's code, which must not go on; it is no failure of anybody.
    throw new Continued(carried) as unknown as Error;
  }

  /** The same for every worker, and never used twice: each history of the run has its own. */
  private idOf(purpose: string, path: string): string {
    return derivedId(`program-${purpose}`, this.runId, String(this.entry.generation), path);
  }
}

/** Enough for code that goes from one step to the next; what takes longer waits for the turn of the process. */
const QUICK_HOPS = 12;

/**
 * Until everything that can go on without the world has gone on. A claim in hand need not wait for that: what comes
 * later goes into a later commit, and a turn of a busy process is long.
 */
async function comeToRest(hasClaim: () => boolean): Promise<void> {
  for (let hop = 0; hop < QUICK_HOPS; hop += 1) await undefined;
  if (!hasClaim()) await new Promise<void>((resolve) => setImmediate(resolve));
}
