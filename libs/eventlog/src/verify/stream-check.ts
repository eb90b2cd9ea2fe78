/**
 * Checks one event stream from its first message on, as an auditor would: nothing is believed but the bytes.
 *
 * I1 sequences follow each other without a gap: an event stream is never pruned by itself
 * I2 each message is a commit of this stream that decodes; whoever has no keys checks all but the seals
 * I3 each commit names the one before it of its entity; a fenced one any earlier one, or none (ADR 0006)
 * I4 the expectation it was stored with, and its start hint, agree with what lies before it: neither is in its hash
 */
import { eventStreamName, parseSubject, streamOfKey, type StreamCount } from '@soloist/contracts';
import { isFault } from '@soloist/kernel';
import { decodeWithKeys } from '../codec/decode-commit.js';
import type { Keys } from '../codec/event-form.js';
import type { Commit } from '../event-log.port.js';
import { EXPECTED_SEQUENCE, EXPECTED_SUBJECT, headerOf, type StoredMessage } from '../codec/message.js';
import { EMPTY_HEAD, nextHead } from './message-digest.js';

export type Check = 'sequence' | 'place' | 'decode' | 'chain' | 'expectation' | 'start-hint' | 'anchor' | 'verified-head' | 'signed-head' | 'signature' | 'blob' | 'export-file';

/** What is wrong, and where. */
export interface Finding {
  readonly check: Check;
  readonly stream: string;
  /** Null where no single commit is meant. */
  readonly sequence: number | null;
  readonly subject: string | null;
  readonly reason: string;
}

interface EntityPast {
  lastHash: string;
  lastSequence: number;
  /** Hashes of all its commits, for fenced ones. */
  readonly hashes: Set<string>;
  /** Sequences a cold read may start at. */
  readonly starts: Set<number>;
}

export interface StreamCounts {
  readonly stream: string;
  readonly commits: number;
  readonly events: number;
  readonly entities: number;
  readonly fenced: number;
  readonly lastSequence: number;
  /** Covers every message up to the last. */
  readonly head: string;
}

export class StreamCheck {
  readonly name: string;
  private readonly entities = new Map<string, EntityPast>();
  private commits = 0;
  private events = 0;
  private fenced = 0;
  private lastSequence = 0;
  private head = EMPTY_HEAD;

  constructor(
    private readonly stream: number,
    private readonly streams: StreamCount,
    private readonly found: (finding: Finding) => void,
  ) {
    this.name = eventStreamName(stream);
  }

  /** Answers the commit when it can be read. */
  take(message: StoredMessage, keys: Keys): Commit | null {
    this.commits += 1;
    this.head = nextHead(this.head, message);
    const wanted = this.lastSequence + 1;
    if (message.sequence !== wanted) this.complain('sequence', message, `expected sequence ${wanted}: commits are missing, doubled or out of order`);
    this.lastSequence = message.sequence;
    const commit = this.decoded(message, keys);
    if (commit === null) return null;
    this.events += commit.events.length;
    if (commit.fence !== null) this.fenced += 1;
    const past = this.entities.get(commit.subject);
    this.checkChain(message, commit, past);
    this.checkExpectation(message, commit, past);
    this.checkStart(message, commit, past);
    this.remember(commit, past);
    return commit;
  }

  /** Where the stream stands after what was taken. */
  counts(): StreamCounts {
    const { name, commits, events, entities, fenced, lastSequence, head } = this;
    return { stream: name, commits, events, entities: entities.size, fenced, lastSequence, head };
  }

  private decoded(message: StoredMessage, keys: Keys): Commit | null {
    const key = parseSubject(message.subject)?.key;
    if (key !== undefined && streamOfKey(key, this.streams) !== this.stream) this.complain('place', message, 'its key belongs to another stream');
    try {
      return decodeWithKeys(message, keys);
    } catch (error) {
      if (!isFault(error)) throw error;
      this.complain('decode', message, error.message);
      return null;
    }
  }

  private checkChain(message: StoredMessage, { fence, prev }: Commit, past: EntityPast | undefined): void {
    if (prev === (past?.lastHash ?? null)) return;
    if (fence !== null && (prev === null || past?.hashes.has(prev) === true)) return;
    const before = past === undefined ? 'it is the first commit of its entity and must name none' : `it must name the commit at sequence ${past.lastSequence}`;
    this.complain('chain', message, `Soloist-Prev is ${prev ?? 'absent'}: ${before}`);
  }

  private checkExpectation(message: StoredMessage, { fence }: Commit, past: EntityPast | undefined): void {
    const sequence = headerOf(message.headers, EXPECTED_SEQUENCE);
    const filter = headerOf(message.headers, EXPECTED_SUBJECT);
    if (filter !== fence) return this.complain('expectation', message, `it expected ${filter ?? 'its own subject'}, but says it was fenced by ${fence ?? 'nothing'}`);
    if (fence !== null) {
      if (!isSequenceBefore(sequence, message.sequence)) this.complain('expectation', message, `${EXPECTED_SEQUENCE} is ${sequence ?? 'absent'}, which is no sequence before it`);
    } else if (sequence !== String(past?.lastSequence ?? 0)) {
      this.complain('expectation', message, `it expected sequence ${sequence ?? 'nothing'}, its entity stood at ${past?.lastSequence ?? 0}`);
    }
  }

  private checkStart(message: StoredMessage, { from }: Commit, past: EntityPast | undefined): void {
    if (from === message.sequence || past?.starts.has(from) === true) return;
    this.complain('start-hint', message, `Soloist-From is ${from}, where no history of its entity starts`);
  }

  private remember({ subject, hash, from, position: { sequence } }: Commit, past: EntityPast | undefined): void {
    const entity = past ?? { lastHash: hash, lastSequence: sequence, hashes: new Set<string>(), starts: new Set<number>() };
    entity.lastHash = hash;
    entity.lastSequence = sequence;
    entity.hashes.add(hash);
    if (from === sequence) entity.starts.add(sequence);
    if (past === undefined) this.entities.set(subject, entity);
  }

  private complain(check: Check, { sequence, subject }: StoredMessage, reason: string): void {
    this.found({ check, stream: this.name, sequence, subject, reason });
  }
}

function isSequenceBefore(text: string | null, sequence: number): boolean {
  return text !== null && /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number(text) < sequence;
}
