/** A value of a program on its way into an event and back: small ones in the event, large ones beside it. */
import { BLOB_THRESHOLD_BYTES } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import type { JsonValue } from './define-program.js';
import type { Carried } from './program-state.js';

export interface Carrying {
  readonly seen: JsonValue;
  readonly carried: Carried;
  readonly bytes: number;
}

/** Asked after each failure of the log: settles when it is to be tried again, and throws when it is not. */
export type Again = (error: unknown, failures: number) => Promise<void>;

const never: Again = (error) => Promise.reject(error as Error);

/**
 * The value as a reader will see it, and as it is recorded: as it was when this was called, whatever becomes of it later.
 * The blob is put before the event that refers to it.
 * @throws RangeError when the value has no JSON form @throws Fault of the log, unless it is tried again
 */
export async function carry(log: EventLog, value: unknown, dataSubject: string, again: Again = never): Promise<Carrying> {
  const text = formOf(value ?? null);
  const seen = JSON.parse(text) as JsonValue;
  const bytes = Buffer.byteLength(text);
  if (bytes <= BLOB_THRESHOLD_BYTES) return { seen, carried: { value: seen, blob: null }, bytes };
  return { seen, carried: await beside(log, text, dataSubject, again), bytes: 0 };
}

/** Beside its event, whatever its size. @throws Fault of the log, unless it is tried again */
export function park(log: EventLog, value: JsonValue, dataSubject: string, again: Again): Promise<Carried> {
  return beside(log, formOf(value), dataSubject, again);
}

/** A contract drops a member of that name: what the code has seen would not be what is on record. */
const DROPPED = '"__proto__":';

function formOf(value: unknown): string {
  const text = canonicalJson(value);
  if (text.includes(DROPPED)) throw new RangeError('a member called __proto__ cannot be recorded; rename it');
  return text;
}

async function beside(log: EventLog, text: string, dataSubject: string, again: Again): Promise<Carried> {
  for (let failures = 1; ; failures += 1) {
    try {
      return { value: null, blob: await log.putBlob('runtime', Buffer.from(text), dataSubject) };
    } catch (error) {
      await again(error, failures);
    }
  }
}

/** The code's own copy: what it does to a value is never done to the record. */
export function ownCopy(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

export async function valueOf(log: EventLog, { value, blob }: Carried): Promise<JsonValue> {
  if (blob === null) return value;
  return JSON.parse(Buffer.from(await log.getBlob(blob)).toString('utf8')) as JsonValue;
}
