/**
 * Short-term context in the bucket WORKING: sealed for its data subject, gone after its time to live, never the only
 * copy of anything that matters. Written by memory only; the broker's accounts see to that.
 */
import { canonicalJson } from '@soloist/kernel';
import { jsonOf } from '../codec/decode-commit.js';
import { headerOf, type HeaderPair } from '../codec/message.js';
import { isSealedField, sealValue, unsealValue, type SealPlace } from '../codec/sealing.js';
import { logFault } from '../errors.js';
import type { KeyTable, WorkingMemory } from '../event-log.port.js';
import { refusal } from './append.js';
import { STREAM, type Broker } from './broker.port.js';

const KEY = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;
const PREFIX = '$KV.WORKING.memory.';
/** A tombstone needs to outlive the readers that are under way, no more. */
const TOMBSTONE_TTL = '60s';

export function workingMemory(broker: Broker, keys: KeyTable): WorkingMemory {
  return {
    get: (key) => read(broker, keys, key),
    set: (key, value, dataSubject, ttlMs) => write(broker, keys, key, value, dataSubject, ttlMs),
    delete: (key) => publish(broker, subjectOfKey(key), [['KV-Operation', 'DEL'], ['Nats-TTL', TOMBSTONE_TTL]], new Uint8Array()),
  };
}

async function read(broker: Broker, keys: KeyTable, key: string): Promise<unknown> {
  const message = await broker.last(STREAM.working, subjectOfKey(key));
  if (message === null || headerOf(message.headers, 'KV-Operation') !== null || headerOf(message.headers, 'Nats-Marker-Reason') !== null) return null;
  const { dataSubject, sealed } = entryOf(message.body, key);
  const secret = await keys.existingKey(dataSubject);
  if (secret === null) return null;
  const box = unsealValue(secret, placeOf(key), sealed);
  if (box === null) throw logFault('log.bad-message', `working memory ${key}: does not open under the key of its data subject`);
  return box.value;
}

async function write(broker: Broker, keys: KeyTable, key: string, value: unknown, dataSubject: string, ttlMs: number): Promise<void> {
  if (!Number.isFinite(ttlMs) || ttlMs < 1_000) throw logFault('log.working-invalid', `working memory ${key}, field ttlMs: ${ttlMs}`);
  const secret = await keys.keyFor(dataSubject);
  // Nothing is kept of whoever was erased, and what is there reads as nothing.
  if (secret === null) return;
  const sealed = sealValue(secret, placeOf(key), value);
  const body = Buffer.from(canonicalJson({ dataSubject, sealed }));
  await publish(broker, subjectOfKey(key), [['Nats-TTL', `${Math.ceil(ttlMs / 1_000)}s`]], body);
}

async function publish(broker: Broker, subject: string, headers: readonly HeaderPair[], body: Uint8Array): Promise<void> {
  const answer = await broker.publish({ subject, headers, body });
  if (answer.kind === 'refused') throw refusal(subject, answer);
  // The last write wins, so that sending it again is harmless.
  if (answer.kind !== 'stored') throw logFault('log.outcome-unknown', `write of ${subject}`);
}

function entryOf(body: Uint8Array, key: string): { dataSubject: string; sealed: { readonly $sealed: string } } {
  const entry = jsonOf(body) as { dataSubject?: unknown; sealed?: unknown } | null;
  if (typeof entry?.dataSubject !== 'string' || !isSealedField(entry.sealed)) {
    throw logFault('log.bad-message', `working memory ${key}: is no sealed entry`);
  }
  return { dataSubject: entry.dataSubject, sealed: entry.sealed };
}

function subjectOfKey(key: string): string {
  if (!KEY.test(key)) throw logFault('log.working-invalid', `working memory key ${JSON.stringify(key)} must match ${KEY.source}`);
  return `${PREFIX}${key}`;
}

function placeOf(key: string): SealPlace {
  return { domain: 'working', parts: [key] };
}
