/**
 * Checks the event streams of a log, one after the other, against themselves and against what others remember of them.
 *
 * I1 streams come in their order, so that only one is held in mind
 * I2 a head that was recorded apart (the keep's anchors, an earlier check) must be met at its sequence, or the log was
 *    cut, replaced or written anew
 */
import type { BlobRef, StreamCount } from '@soloist/contracts';
import type { Keys } from '../codec/event-form.js';
import type { StoredMessage } from '../codec/message.js';
import { blobRefsIn } from './blob-refs.js';
import { messageDigest } from './message-digest.js';
import { StreamCheck, type Finding, type StreamCounts } from './stream-check.js';

/** What somebody apart from the log remembers of a stream. */
export interface Remembered {
  readonly sequence: number;
  /** `message`: the digest of the message at that sequence · `head`: over all messages up to it. Null where there was none to take a digest of. */
  readonly of: 'message' | 'head';
  readonly digest: string | null;
  readonly check: Finding['check'];
}

export interface LogCheckReport {
  readonly isWhole: boolean;
  readonly commits: number;
  readonly events: number;
  readonly entities: number;
  readonly fenced: number;
  readonly streams: readonly StreamCounts[];
  /** How many recorded heads were met. */
  readonly headsMet: number;
  /** Blobs that commits name. A check of a running log compares each with its hash; an export holds none. */
  readonly blobs: number;
  readonly broken: number;
  /** The first ones, in log order. */
  readonly findings: readonly Finding[];
}

/** A blob and the place of a commit that names it. */
export interface NamedBlob extends Pick<Finding, 'stream' | 'sequence' | 'subject'> {
  readonly ref: BlobRef;
}

const FINDINGS_SHOWN = 20;

export class LogCheck {
  private readonly findings: Finding[] = [];
  private broken = 0;
  private headsMet = 0;
  private readonly done: StreamCounts[] = [];
  private readonly named = new Map<string, NamedBlob>();
  private current: StreamCheck;
  private pending: Remembered[];

  constructor(
    private readonly streams: StreamCount,
    /** By stream name. */
    private readonly remembered: ReadonlyMap<string, readonly Remembered[]> = new Map(),
  ) {
    this.current = this.checkOf(0);
    this.pending = this.rememberedOf(this.current);
  }

  /** @throws RangeError when a message of an earlier stream, or of none, comes: the caller reads stream by stream */
  take(message: StoredMessage, keys: Keys): void {
    while (message.stream !== this.current.name) this.nextStream(message.stream);
    const commit = this.current.take(message, keys);
    if (commit !== null) for (const ref of blobRefsIn(commit.events)) this.named.set(`${ref.owner}/${ref.sha256}`, { ref, stream: message.stream, sequence: message.sequence, subject: message.subject });
    this.compare(message);
  }

  /** The blobs that were named so far, each once, with the last commit that names it. */
  blobs(): readonly NamedBlob[] {
    return [...this.named.values()];
  }

  found(finding: Finding): void {
    this.broken += 1;
    if (this.findings.length < FINDINGS_SHOWN) this.findings.push(finding);
  }

  finish(): LogCheckReport {
    while (this.done.length < this.streams - 1) this.nextStream(null);
    this.endStream();
    const { broken, done, findings, headsMet } = this;
    const sum = (count: (stream: StreamCounts) => number): number => done.reduce((total, stream) => total + count(stream), 0);
    return {
      isWhole: broken === 0,
      commits: sum(({ commits }) => commits),
      events: sum(({ events }) => events),
      entities: sum(({ entities }) => entities),
      fenced: sum(({ fenced }) => fenced),
      streams: done,
      headsMet,
      blobs: this.named.size,
      broken,
      findings,
    };
  }

  private nextStream(wanted: string | null): void {
    const next = this.done.length + 1;
    if (next >= this.streams) throw new RangeError(`a message of ${wanted ?? 'no stream'} came after ${this.current.name}, the log has ${this.streams} streams`);
    this.endStream();
    this.current = this.checkOf(next);
    this.pending = this.rememberedOf(this.current);
  }

  private compare(message: StoredMessage): void {
    if (this.pending.length === 0) return;
    const due = this.pending.filter(({ sequence }) => sequence <= message.sequence);
    this.pending = this.pending.filter(({ sequence }) => sequence > message.sequence);
    for (const head of due) {
      const isMet = head.digest === null || (head.sequence === message.sequence && head.digest === this.digestHere(head, message));
      if (isMet) this.headsMet += 1;
      else this.found({ check: head.check, stream: message.stream, sequence: head.sequence, subject: message.subject, reason: 'another message is recorded to stand here: the stream was changed, or cut and written on' });
    }
  }

  private endStream(): void {
    const counts = this.current.counts();
    for (const { sequence, check } of this.pending) {
      this.found({ check, stream: counts.stream, sequence, subject: null, reason: `the stream ends at ${counts.lastSequence}, but ${sequence} is recorded: it was cut` });
    }
    this.done.push(counts);
  }

  private digestHere({ of }: Remembered, message: StoredMessage): string {
    return of === 'message' ? messageDigest(message) : this.current.counts().head;
  }

  private checkOf(stream: number): StreamCheck {
    return new StreamCheck(stream, this.streams, (finding) => this.found(finding));
  }

  private rememberedOf({ name }: StreamCheck): Remembered[] {
    const heads = this.remembered.get(name) ?? [];
    // Of an empty stream nothing can be missing.
    this.headsMet += heads.filter(({ sequence }) => sequence === 0).length;
    return heads.filter(({ sequence }) => sequence > 0);
  }
}

/** The heads of a report, in the form another check compares with. */
export function headsOf(report: LogCheckReport, check: Finding['check']): ReadonlyMap<string, readonly Remembered[]> {
  return new Map(report.streams.map(({ stream, lastSequence, head }) => [stream, [{ sequence: lastSequence, of: 'head' as const, digest: head, check }]]));
}
