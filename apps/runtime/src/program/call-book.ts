/**
 * The calls a program makes while it runs, held against the record.
 *
 * I1 a call on record answers from the record; its code is never run a second time
 * I2 a call that is not what is on record at its place is a divergence: nothing after it is written
 * I3 what the code is given is its own: changing it changes nothing on record
 */
import type { CallForm } from '@soloist/contracts';
import { ownCopy } from './carried.js';
import { ChildFailed, StepFailed, type JsonValue } from './define-program.js';
import type { RecordedCall, Settled } from './program-record.js';

export interface Difference {
  readonly path: string;
  readonly recorded: CallForm | null;
  readonly replayed: CallForm | null;
}

interface Open {
  readonly name: string;
  readonly resolve: (value: JsonValue) => void;
  readonly reject: (error: Error) => void;
}

export class CallBook {
  readonly open = new Map<string, Open>();
  difference: Difference | null = null;

  constructor(private readonly recorded: ReadonlyMap<string, RecordedCall>) {}

  /** `begin` is called for what has not ended yet; with the last attempt on record, 0 when there is none. */
  make(path: string, form: CallForm, begin: (attempt: number, isRecorded: boolean) => void): Promise<JsonValue> {
    const known = this.recorded.get(path);
    if (known !== undefined) {
      known.isReached = true;
      if (!isSame(known.form, form)) this.difference ??= { path, recorded: known.form, replayed: form };
    }
    if (this.difference !== null) return new Promise(() => undefined);
    const promise = new Promise<JsonValue>((resolve, reject) => this.open.set(path, { name: form.name, resolve, reject }));
    // A failure that the program looks at later is not unhandled now.
    promise.catch(() => undefined);
    if (known?.settled != null) this.settle(path, known.settled);
    else begin(known?.attempt ?? 0, known !== undefined);
    return promise;
  }

  settle(path: string, settled: Settled): void {
    const call = this.open.get(path);
    if (call === undefined) return;
    this.open.delete(path);
    if (settled.kind === 'value') call.resolve(ownCopy(settled.value));
    else if (settled.kind === 'step-failed') call.reject(new StepFailed(call.name, settled.code, settled.because));
    else call.reject(new ChildFailed(settled.childRunId, settled.outcome, settled.because));
  }

  /** Once the program has come to rest for the first time: what is on record must have been called. */
  checkReached(): void {
    for (const [path, call] of this.recorded) {
      if (!call.isReached) this.difference ??= { path, recorded: call.form, replayed: null };
    }
  }
}

function isSame(left: CallForm, right: CallForm): boolean {
  return left.kind === right.kind && left.name === right.name && left.argsDigest === right.argsDigest;
}
