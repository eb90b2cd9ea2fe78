/** A value of a program on its way into an event and back: small ones in the event, large ones beside it. */
import { BLOB_THRESHOLD_BYTES } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import type { JsonValue } from './define-program.js';
import type { Carried } from './program-state.js';

/**
 * The value as a reader will see it, and as it is recorded. The blob is put before the event that refers to it.
 * @throws RangeError when the value has no JSON form
 */
export async function carry(log: EventLog, value: unknown, dataSubject: string): Promise<{ readonly seen: JsonValue; readonly carried: Carried; readonly bytes: number }> {
  const text = canonicalJson(value ?? null);
  const seen = JSON.parse(text) as JsonValue;
  const bytes = text.length <= BLOB_THRESHOLD_BYTES / 3 ? text.length : Buffer.byteLength(text);
  if (bytes <= BLOB_THRESHOLD_BYTES) return { seen, carried: { value: seen, blob: null }, bytes };
  return { seen, carried: { value: null, blob: await log.putBlob('runtime', Buffer.from(text), dataSubject) }, bytes: 0 };
}

export async function valueOf(log: EventLog, { value, blob }: Carried): Promise<JsonValue> {
  if (blob === null) return value;
  return JSON.parse(Buffer.from(await log.getBlob(blob)).toString('utf8')) as JsonValue;
}
