/**
 * Runs the functions of claimed steps.
 *
 * I1 an attempt that failed is on record before the next one is made
 * I2 a step that has killed its workers again and again fails instead of killing the next
 * I3 retries are counted on the record, over all workers of the run; an attempt that its worker did not live to end counts none
 * I4 whatever a step throws is its failure on record; what cannot be recorded ends the drive, never the process
 * I5 a step that has done its work and answers something that no record holds has failed for good: it is not done again
 */
import type { CallForm } from '@soloist/contracts';
import { crashPoint, type Work } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import type { CallBook } from './call-book.js';
import { pauseAfter, untilAbandoned } from './again.js';
import { carry, park, type Again, type Carrying } from './carried.js';
import type { JsonValue, StepCall } from './define-program.js';
import { stepClaimed, stepCompleted, stepFailed, type Draft } from './drafts.js';
import { faultOf, stepFailureOf } from './failure.js';
import type { Carried } from './program-state.js';

export interface LiveStep {
  readonly path: string;
  readonly form: CallForm;
  readonly run: (call: StepCall) => unknown;
  readonly args: JsonValue;
  readonly retries: number;
  readonly idempotencyKey: () => string;
}

export interface StepSurroundings {
  readonly runId: string;
  readonly dataSubject: string;
  readonly epoch: number;
  readonly book: CallBook;
  readonly draft: (draft: Draft) => void;
  /** How many attempts of a step had failed when the run was picked up, none of them for good. */
  readonly failuresOf: (path: string) => number;
}

const MAX_LIVES = 20;

export class StepRunner {
  /** Claimed or about to be: attempts that failed in this history, by place. */
  private readonly live = new Map<string, { failures: number }>();
  /** Failures of answers that have no JSON form. */
  private readonly unrecordable = new WeakSet<object>();
  private readonly abort = new AbortController();
  private readonly again: Again;
  private running = 0;
  private defect: Error | null = null;
  private heard: () => void = () => undefined;
  private end: Promise<void> = this.listen();

  constructor(
    private readonly work: Work<RuntimePorts>,
    private readonly around: StepSurroundings,
  ) {
    this.again = untilAbandoned(work.ports.pause, this.abort.signal);
  }

  get isBusy(): boolean {
    return this.running > 0 || this.defect !== null;
  }

  has(path: string): boolean {
    return this.live.has(path);
  }

  /** Drafts the claim; the function is called once it is on the log. */
  claim(step: LiveStep, attempt: number): void {
    const { epoch, draft, dataSubject } = this.around;
    const failures = this.live.get(step.path)?.failures ?? this.around.failuresOf(step.path);
    if (attempt > step.retries + MAX_LIVES) {
      const because = `Attempt ${attempt - 1} of step ${step.form.name} did not come back either; whatever runs it dies.`;
      draft(stepFailed(step.path, attempt, { code: 'step.kills-worker', because }, true, dataSubject));
      queueMicrotask(() => this.around.book.settle(step.path, { kind: 'step-failed', code: 'step.kills-worker', because }));
      return;
    }
    this.live.set(step.path, { failures });
    draft(stepClaimed(step.path, step.form, attempt, epoch, () => void this.perform(step, attempt)));
  }

  /** Resolves when a step has ended since the last call, or the program has. @throws Error when a step's end cannot be told */
  async nextEnd(): Promise<void> {
    await this.end;
    if (this.defect !== null) throw this.defect;
    this.end = this.listen();
  }

  /** While something is on its way to the log the run has not come to rest. */
  async busyWith<T>(going: Promise<T>): Promise<T> {
    this.running += 1;
    try {
      return await going;
    } finally {
      this.running -= 1;
      this.heard();
    }
  }

  /** Brings a value on its way to the log; the run has not come to rest before `then` was done with it. */
  carry(value: unknown, then: (carrying: Carrying) => void = () => undefined): Promise<Carrying> {
    return this.busyWith(this.carryNow(value).then((carrying) => (then(carrying), carrying)));
  }

  notify(): void {
    this.heard();
  }

  abandon(): void {
    if (this.isBusy) this.abort.abort();
  }

  private listen(): Promise<void> {
    return new Promise((resolve) => {
      this.heard = resolve;
    });
  }

  /** Lays it beside the log, whatever its size. */
  park(value: JsonValue): Promise<Carried> {
    return this.busyWith(park(this.work.log, value, this.around.dataSubject, this.again));
  }

  private carryNow(value: unknown): Promise<Carrying> {
    return carry(this.work.log, value, this.around.dataSubject, this.again);
  }

  private async perform(step: LiveStep, attempt: number): Promise<void> {
    this.running += 1;
    try {
      crashPoint('claimed:step');
      const { runId, dataSubject } = this.around;
      const value = await step.run(callOf(step, runId, attempt, this.abort.signal));
      crashPoint('acted:step');
      const { seen, carried, bytes } = await this.carryNow(value).catch((error: unknown) => {
        if (error instanceof RangeError) this.unrecordable.add(error);
        throw error;
      });
      this.live.delete(step.path);
      this.around.draft(stepCompleted(step.path, carried, bytes, dataSubject));
      this.around.book.settle(step.path, { kind: 'value', value: seen });
    } catch (error) {
      await this.failed(step, attempt, error).catch((defect: unknown) => (this.defect = new Error(`step ${step.path} of run ${this.around.runId} could not be told`, { cause: defect })));
    } finally {
      this.running -= 1;
      this.heard();
    }
  }

  private async failed(step: LiveStep, attempt: number, error: unknown): Promise<void> {
    const { code, because } = stepFailureOf(error);
    const fault = faultOf(error);
    const live = this.live.get(step.path) ?? { failures: 0 };
    live.failures += 1;
    const isFinal = live.failures > step.retries || this.unrecordable.has(error as object) || fault?.kind === 'invalid' || fault?.kind === 'unauthorized';
    if (!isFinal) await this.work.ports.pause(pauseAfter(fault, live.failures));
    this.around.draft(stepFailed(step.path, attempt, { code, because }, isFinal, this.around.dataSubject));
    if (!isFinal) return this.claim(step, attempt + 1);
    this.live.delete(step.path);
    this.around.book.settle(step.path, { kind: 'step-failed', code, because });
  }
}

/** The key is a hash that most steps never look at. */
function callOf({ args, idempotencyKey }: LiveStep, runId: string, attempt: number, signal: AbortSignal): StepCall {
  return {
    runId,
    attempt,
    args,
    signal,
    get idempotencyKey() {
      return idempotencyKey();
    },
  };
}
