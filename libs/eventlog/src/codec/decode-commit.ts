/**
 * A stored message becomes a commit again. All that is wrong with it is a Fault `invalid` that names subject, sequence
 * and field: poison is for the dead letters, never skipped and never guessed at. What this process cannot read, but
 * another could (a newer release, or one that has the key), is a Fault `transient`: held, and read later.
 */
import { EVENT_CONTRACTS, parseSubject, type AnyEvent, type ParsedSubject } from '@soloist/contracts';
import { isFault } from '@soloist/kernel';
import { logFault } from '../errors.js';
import type { Commit, KeyTable } from '../event-log.port.js';
import { commitHash } from './commit-hash.js';
import { FormError, NewerReleaseError, readEvent, storedDataSubject, type Contracts, type Keys } from './event-form.js';
import { HEADER, type HeaderPair, type StoredMessage } from './message.js';

export const TYPE = /^([a-z]+\.[a-z-]+\.[a-z-]+)\.v([1-9][0-9]{0,5})$/;
const SEALED_MEMBER = '"$sealed"';
/** The member's name may be written with escapes by whoever does not write canonical JSON. */
const ESCAPE = '\\u';
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const PRINTABLE = /^[\x20-\x7e]+$/;
export const HASH = /^[0-9a-f]{64}$/;
export const COMMIT_ID = /^[a-z0-9-]{1,64}$/;
const STREAM = /^EVENTS-([0-9]{1,2})$/;

/** An upgrade takes minutes or days; until then the message is looked at now and then. */
const NEWER_RELEASE_RETRY_MS = 5 * 60_000;

/** @throws Fault invalid · transient: written by a newer release, key missing · whatever the key table throws */
export async function decodeCommit(message: StoredMessage, keys: KeyTable, contracts: Contracts = EVENT_CONTRACTS): Promise<Commit> {
  return decodeWithKeys(message, await keysOf([message], keys), contracts);
}

/** The keys of all data subjects that some messages are sealed for. Poison yields none; a missing key holds its own messages only. */
export async function keysOf(messages: readonly StoredMessage[], keys: KeyTable): Promise<Keys> {
  const found = new Map<string, Uint8Array | null | 'missing'>();
  for (const subject of new Set(messages.flatMap(dataSubjectsOf))) found.set(subject, await keys.existingKey(subject).catch(whereMissing));
  return found;
}

function whereMissing(error: unknown): 'missing' {
  if (isFault(error) && error.code === 'keep.key-missing') return 'missing';
  throw error;
}

/** Without waiting, once the keys are at hand. @throws Fault invalid · transient */
export function decodeWithKeys(message: StoredMessage, keys: Keys, contracts: Contracts = EVENT_CONTRACTS): Commit {
  try {
    return decode(message, keys, contracts);
  } catch (error) {
    if (isFault(error) || !(error instanceof FormError)) throw error;
    const where = `subject ${message.subject}, sequence ${message.sequence}, field ${error.field}: ${error.message}`;
    if (error instanceof NewerReleaseError) throw logFault('log.newer-release', where, error, NEWER_RELEASE_RETRY_MS);
    throw logFault('log.bad-message', where, error);
  }
}

function decode(message: StoredMessage, keys: Keys, contracts: Contracts): Commit {
  const address = addressOf(message);
  const header = headerReader(message.headers);
  const id = header.required(HEADER.commit, COMMIT_ID);
  const prev = header.optional(HEADER.prev, HASH);
  const from = header.optional(HEADER.from, /^[1-9][0-9]{0,15}$/);
  return {
    position: { stream: streamNumber(message), sequence: message.sequence },
    subject: message.subject,
    address,
    id,
    cause: header.optional(HEADER.cause),
    actor: header.required(HEADER.actor),
    policy: header.optional(HEADER.policy),
    at: header.required(HEADER.at),
    prev,
    hash: commitHash(message),
    from: from === null ? message.sequence : Number(from),
    traceparent: header.optional(HEADER.traceparent),
    fence: header.optional(HEADER.fence),
    events: eventsOf(message, address, id, header.required(HEADER.types).split(','), keys, contracts),
  };
}

function eventsOf(
  message: StoredMessage,
  address: ParsedSubject,
  commit: string,
  types: readonly string[],
  keys: Keys,
  contracts: Contracts,
): readonly AnyEvent[] {
  const parts = takeBodyOf(message);
  if (parts.length !== types.length || parts.length === 0) {
    throw new FormError(HEADER.types, `names ${types.length} events, the body holds ${parts.length}`);
  }
  return types.map((text, index) => {
    const [, type, version] = TYPE.exec(text) ?? [];
    if (type === undefined) throw new FormError(HEADER.types, `${JSON.stringify(text)} is no <context>.<entity>.<name>.v<version>`);
    if (!type.startsWith(`${address.context}.${address.entity}.`)) throw new FormError(HEADER.types, `${type} does not belong to this subject`);
    return readEvent(type, Number(version), parts[index], { commit, index }, keys, contracts);
  });
}

function addressOf(message: StoredMessage): ParsedSubject {
  const address = parseSubject(message.subject);
  if (address === null || address.kind !== 'evt') throw new FormError('subject', 'is no evt.<site>.<bucket>.<context>.<entity>.<key>');
  return address;
}

function streamNumber(message: StoredMessage): number {
  const number = STREAM.exec(message.stream)?.[1];
  if (number === undefined) throw new FormError('stream', `${message.stream} is no event stream`);
  return Number(number);
}

/** @throws FormError */
export function bodyOf(message: StoredMessage): readonly unknown[] {
  return arrayOf(jsonOf(message.body));
}

/** Bodies that were looked into and are not decoded yet: these are not parsed a second time. */
const lookedInto = new WeakMap<Uint8Array, unknown>();

/** The body of a message that may be decoded next; nothing of it may be kept or changed. @throws FormError */
export function lookInto({ body }: StoredMessage): readonly unknown[] {
  const seen = lookedInto.get(body) ?? jsonOf(body);
  if (seen !== null) lookedInto.set(body, seen);
  return arrayOf(seen);
}

function takeBodyOf({ body }: StoredMessage): readonly unknown[] {
  const seen = lookedInto.get(body) ?? jsonOf(body);
  lookedInto.delete(body);
  return arrayOf(seen);
}

function arrayOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) throw new FormError('body', 'is no JSON array of events');
  return body as readonly unknown[];
}

/** @throws FormError */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes)) as unknown;
  } catch {
    // The reason the parser gives quotes the text, which may be somebody's.
    throw new FormError('body', 'is not JSON in UTF-8');
  }
}

/** Bodies in which nothing is sealed need not be parsed for it. */
function dataSubjectsOf(message: StoredMessage): readonly string[] {
  const { buffer, byteOffset, byteLength } = message.body;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (!bytes.includes(SEALED_MEMBER) && !bytes.includes(ESCAPE)) return [];
  try {
    return lookInto(message).flatMap((data) => storedDataSubject(data) ?? []);
  } catch {
    return [];
  }
}

export interface HeaderReader {
  required(name: string, form?: RegExp): string;
  optional(name: string, form?: RegExp): string | null;
}

export function headerReader(headers: readonly HeaderPair[]): HeaderReader {
  const values = new Map<string, string>();
  const doubled = new Set<string>();
  for (const [name, value] of headers) {
    if (values.has(name)) doubled.add(name);
    values.set(name, value);
  }
  const optional = (name: string, form: RegExp = PRINTABLE): string | null => {
    if (doubled.has(name)) throw new FormError(name, 'stands there more than once');
    const value = values.get(name);
    if (value === undefined) return null;
    if (!form.test(value)) throw new FormError(name, `does not match ${form.source}`);
    return value;
  };
  const required = (name: string, form?: RegExp): string => {
    const value = optional(name, form);
    if (value === null) throw new FormError(name, 'is missing');
    return value;
  };
  return { required, optional };
}
