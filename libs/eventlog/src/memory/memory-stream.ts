/**
 * One stream of the in-memory broker.
 *
 * I1 sequences grow by one and are never used again
 * I2 an expectation sees this stream only; a subject that lives elsewhere counts as never written
 */
import type { HeaderPair, OutgoingMessage, StoredMessage } from '../codec/message.js';
import { EXPECTED_SEQUENCE, EXPECTED_SUBJECT, headerOf, SCHEDULE } from '../codec/message.js';
import type { PublishAnswer } from '../log/broker.port.js';
import { filterOf, isExact, type Matches } from './filter.js';

export interface StreamRules {
  readonly name: string;
  readonly accepts: (subject: string) => boolean;
  /** An acked message is removed. */
  readonly isWorkQueue: boolean;
  /** A second message on a subject is refused, as in BLOBS. */
  readonly isWriteOnce: boolean;
  /** A second message on a subject replaces the first, as in a KV bucket. */
  readonly keepsLastOnly: boolean;
  readonly allowsTtl: boolean;
  readonly maxBytes: number;
  /** Headers and body of one message. */
  readonly maxMessageBytes: number;
  readonly permitsSchedules: boolean;
  /** Wall clock at the scheduler's 0. */
  readonly originMs: number;
}

interface Entry {
  readonly message: StoredMessage;
  readonly storedAtMs: number;
  readonly expiresAt: number;
}

export class MemoryStream {
  readonly rules: StreamRules;
  #entries: Entry[] = [];
  #bySubject = new Map<string, Entry>();
  #last = 0;
  #bytes = 0;

  constructor(rules: StreamRules) {
    this.rules = rules;
  }

  publish(message: OutgoingMessage, now: number): PublishAnswer {
    if (sizeOf(message) > this.rules.maxMessageBytes) return refused('10054: message size exceeds maximum allowed');
    const ttl = headerOf(message.headers, 'Nats-TTL');
    if (ttl !== null && !this.rules.allowsTtl) return refused('10166: per-message TTL is disabled');
    if (headerOf(message.headers, SCHEDULE) !== null && !this.rules.permitsSchedules) return refused('10188: message schedules is disabled');
    const last = this.#expectationFails(message.headers, message.subject);
    if (last !== null) return { kind: 'wrong-last', lastSequence: last };
    const present = this.#live(message.subject, now);
    if (present !== undefined && this.rules.isWriteOnce) return { kind: 'occupied' };
    if (this.#bytes + message.body.length > this.rules.maxBytes) return { kind: 'refused', why: 'full', detail: '10077: maximum bytes exceeded' };
    if (this.rules.keepsLastOnly || headerOf(message.headers, SCHEDULE) !== null) this.remove(present?.message.sequence ?? 0);
    return this.#store(message, now, ttl === null ? Infinity : now + secondsOf(ttl) * 1_000);
  }

  last(subject: string, now: number): StoredMessage | null {
    return this.#live(subject, now)?.message ?? null;
  }

  range(filter: string | null, from: number, limit: number): readonly StoredMessage[] {
    const found: StoredMessage[] = [];
    const matches = filter === null ? null : filterOf(filter);
    for (let index = this.#indexOf(from); index < this.#entries.length && found.length < limit; index += 1) {
      const message = this.#entries[index]?.message;
      if (message !== undefined && (matches === null || matches(message.subject))) found.push(message);
    }
    return found;
  }

  at(sequence: number): StoredMessage | null {
    const entry = this.#entries[this.#indexOf(sequence)];
    return entry?.message.sequence === sequence ? entry.message : null;
  }

  /** By the broker's clock; 0 for what is not there (any more). */
  storedAtMs(sequence: number): number {
    const entry = this.#entries[this.#indexOf(sequence)];
    return entry?.message.sequence === sequence ? entry.storedAtMs : 0;
  }

  /** The first message at or after a sequence that passes. */
  next(from: number, passes: Matches): StoredMessage | null {
    for (let index = this.#indexOf(from); index < this.#entries.length; index += 1) {
      const message = this.#entries[index]?.message;
      if (message !== undefined && passes(message.subject)) return message;
    }
    return null;
  }

  get lastSequence(): number {
    return this.#entries.at(-1)?.message.sequence ?? 0;
  }

  remove(sequence: number): void {
    const index = this.#indexOf(sequence);
    const entry = this.#entries[index];
    if (entry?.message.sequence !== sequence) return;
    this.#entries.splice(index, 1);
    this.#bytes -= entry.message.body.length;
    if (this.#bySubject.get(entry.message.subject) === entry) this.#bySubject.delete(entry.message.subject);
  }

  /** For tests of tampering: puts other bytes where a message was, as a changed file would. */
  replaceStored(sequence: number, change: (message: StoredMessage) => StoredMessage): void {
    const index = this.#indexOf(sequence);
    const entry = this.#entries[index];
    if (entry?.message.sequence !== sequence) throw new RangeError(`${this.rules.name} holds no sequence ${sequence}`);
    const changed = { ...entry, message: change(entry.message) };
    this.#entries[index] = changed;
    if (this.#bySubject.get(entry.message.subject) === entry) this.#bySubject.set(entry.message.subject, changed);
  }

  #store(message: OutgoingMessage, now: number, expiresAt: number): PublishAnswer {
    this.#last += 1;
    const { subject, headers } = message;
    const entry: Entry = { storedAtMs: this.rules.originMs + now, message: { stream: this.rules.name, sequence: this.#last, subject, headers, body: Buffer.from(message.body) }, expiresAt };
    this.#entries.push(entry);
    this.#bySubject.set(message.subject, entry);
    this.#bytes += message.body.length;
    return { kind: 'stored', stream: this.rules.name, sequence: this.#last, duplicate: false };
  }

  /** The present last sequence when the expectation does not hold, null when it does or none was made. */
  #expectationFails(headers: readonly HeaderPair[], subject: string): number | null {
    const expected = headerOf(headers, EXPECTED_SEQUENCE);
    if (expected === null) return null;
    const filter = headerOf(headers, EXPECTED_SUBJECT) ?? subject;
    const last = this.#lastOf(filter);
    return last === Number(expected) ? null : last;
  }

  #lastOf(filter: string): number {
    if (isExact(filter)) return this.#bySubject.get(filter)?.message.sequence ?? 0;
    const matches = filterOf(filter);
    for (let index = this.#entries.length - 1; index >= 0; index -= 1) {
      const message = this.#entries[index]?.message;
      if (message !== undefined && matches(message.subject)) return message.sequence;
    }
    return 0;
  }

  #live(subject: string, now: number): Entry | undefined {
    const entry = this.#bySubject.get(subject);
    if (entry === undefined || entry.expiresAt > now) return entry;
    this.remove(entry.message.sequence);
    return undefined;
  }

  /** Index of the first entry at or after a sequence. */
  #indexOf(sequence: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.message.sequence ?? Infinity) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sizeOf(message: OutgoingMessage): number {
  return message.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, message.body.length);
}

function refused(detail: string): PublishAnswer {
  return { kind: 'refused', why: 'other', detail };
}

function secondsOf(ttl: string): number {
  return Number(ttl.replace(/s$/, ''));
}
