/**
 * The log as one delivery saw it, for faithful re-execution: reads answer from the record, appends store nothing and
 * are held against the commit with the same id. Re-executing a delivery is thereby a comparison, never an act.
 *
 * I1 nothing is ever written: not an event, not a command, not a blob, not a dead letter
 * I2 a read shows no commit that the delivery's next recorded decision could not have seen
 */
import { episodeFilter, subjectOf, type Address, type BlobRef } from '@soloist/contracts';
import type { Appended, Commit, CommitDraft, EventLog, Fence } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';

/** Where the re-executed decision and the recorded one part ways; both sides are shown. */
export interface Divergence {
  readonly delivery: string;
  readonly subject: string;
  readonly because: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/** Ends a re-executed delivery where the recorded one ended: a process died there, or another worker took over. */
export class RecordEnds extends Error {}

export interface RecordedLogOptions {
  readonly source: EventLog;
  /** The delivered commit or command whose decisions are re-executed. */
  readonly cause: string;
  /** Commits on record that this delivery led to, in log order. */
  readonly expected: readonly Commit[];
  /** Cuts the history of an entity that nothing in this delivery wrote, e.g. at a pinned version. */
  readonly cut: (address: Address, history: readonly Commit[]) => readonly Commit[];
}

export class RecordedLog implements EventLog {
  readonly streams: number;
  readonly divergences: Divergence[] = [];
  private readonly produced = new Set<string>();
  private readonly histories = new Map<string, readonly Commit[]>();
  private readonly episodes = new Map<string, readonly Commit[]>();
  private last: Commit | null = null;

  constructor(private readonly options: RecordedLogOptions) {
    this.streams = options.source.streams;
  }

  /** Decisions on record that no re-execution has made yet. */
  get missing(): readonly Commit[] {
    return this.options.expected.filter((commit) => !this.produced.has(keyOf(commit)));
  }

  get reproduced(): number {
    return this.produced.size;
  }

  /** The decision made last: what a port that is called next was claimed by. */
  get lastMade(): Commit | null {
    return this.last;
  }

  append(draft: CommitDraft): Promise<Appended> {
    const recorded = this.missing.find((commit) => commit.id === draft.id && sameAddress(commit, draft.address));
    if (recorded === undefined) {
      // A fenced append that is not on record was refused in life, or its worker died before it; the next decision tells.
      if (draft.fence !== undefined && this.missing.length > 0) return Promise.resolve({ outcome: 'conflict', lastSequence: null });
      throw this.endsOrDiverges(draft);
    }
    this.produced.add(keyOf(recorded));
    this.last = recorded;
    if (canonicalJson(recorded.events) !== canonicalJson(draft.events)) {
      this.diverge(recorded.subject, 'the decision differs', recorded.events, draft.events);
    } else if (recorded.policy !== draft.policy || recorded.actor !== draft.actor) {
      this.diverge(recorded.subject, 'actor or policy differ', [recorded.actor, recorded.policy], [draft.actor, draft.policy]);
    } else if (recorded.fence !== filterOf(draft.fence)) {
      this.diverge(recorded.subject, 'the fence differs', recorded.fence, filterOf(draft.fence));
    }
    return Promise.resolve({ outcome: 'committed', commit: recorded });
  }

  async head(address: Address): Promise<Commit | null> {
    return (await this.visible(address)).at(-1) ?? null;
  }

  read(address: Address): Promise<readonly Commit[]> {
    return this.visible(address);
  }

  history(address: Address): Promise<readonly Commit[]> {
    return this.visible(address);
  }

  async episode(runId: string): Promise<readonly Commit[]> {
    const all = this.episodes.get(runId) ?? (await this.options.source.episode(runId));
    this.episodes.set(runId, all);
    const limit = this.limitIn(all.at(0)?.position.stream);
    return all.filter((commit) => commit.position.sequence < limit);
  }

  readAfter(): Promise<readonly Commit[]> {
    throw new Error('a re-executed delivery reads no projection feed: its retrievals are on record');
  }

  lastSequence(stream: number): Promise<number> {
    return this.options.source.lastSequence(stream);
  }

  /** The recorded blob with the same content; another content is another decision. */
  async putBlob(owner: string, bytes: Uint8Array): Promise<BlobRef> {
    for (const ref of blobRefsIn(this.options.expected)) {
      if (ref.owner === owner && Buffer.compare(Buffer.from(await this.options.source.getBlob(ref)), Buffer.from(bytes)) === 0) return ref;
    }
    this.diverge(`blob.${owner}`, 'a payload that is not on record', null, `${bytes.byteLength} bytes`);
    throw new RecordEnds('payload not on record');
  }

  getBlob(ref: BlobRef): Promise<Uint8Array> {
    return this.options.source.getBlob(ref);
  }

  command(): Promise<void> {
    throw new Error('a re-executed delivery publishes no command');
  }

  dead(): Promise<void> {
    throw new Error('a re-executed delivery writes no dead letter');
  }

  settle(): Promise<void> {
    throw new Error('a re-executed delivery settles no dead letter');
  }

  letters(): Promise<never> {
    throw new Error('a re-executed delivery reads no dead letters');
  }

  commitAt(): Promise<never> {
    throw new Error('a re-executed delivery is handed its commit');
  }

  carry(): Promise<never> {
    throw new Error('a re-executed delivery carries nothing');
  }

  openCarried(): Promise<never> {
    throw new Error('a re-executed delivery is handed its commit');
  }

  /** Nothing is armed: that a timer fired is on record. */
  arm(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async visible(address: Address): Promise<readonly Commit[]> {
    const history = await this.historyOf(address);
    const next = history.findIndex((commit) => this.missing.some((open) => keyOf(open) === keyOf(commit)));
    if (next >= 0) return history.slice(0, next);
    const limit = this.limitIn(history.at(0)?.position.stream);
    return this.options.cut(address, history).filter((commit) => commit.position.sequence < limit);
  }

  /** Sequences order within a stream only: elsewhere causation and pinned versions cut. */
  private limitIn(stream: number | undefined): number {
    const next = this.missing.find((commit) => commit.position.stream === stream);
    return next === undefined ? Number.POSITIVE_INFINITY : next.position.sequence;
  }

  private async historyOf(address: Address): Promise<readonly Commit[]> {
    const name = `${address.context}.${address.entity}.${address.key}`;
    const known = this.histories.get(name) ?? (await this.options.source.history(address));
    this.histories.set(name, known);
    return known;
  }

  private endsOrDiverges(draft: CommitDraft): Error {
    const subject = `${draft.address.context}.${draft.address.entity}.${draft.address.key}`;
    // With decisions still missing, the record may have ended here and gone on in another life: the caller redelivers.
    if (this.missing.length === 0) this.diverge(subject, 'a decision that is not on record', null, draft.events);
    return new RecordEnds(`${subject}: nothing on record with commit ${draft.id}`);
  }

  private diverge(subject: string, because: string, recorded: unknown, replayed: unknown): void {
    this.divergences.push({ delivery: this.options.cause, subject, because, recorded, replayed });
  }
}

function keyOf(commit: Commit): string {
  return `${commit.position.stream}:${commit.position.sequence}`;
}

function filterOf(fence: Fence | undefined): string | null {
  if (fence === undefined) return null;
  return fence.kind === 'episode' ? episodeFilter(fence.runId) : subjectOf('evt', fence.address);
}

function sameAddress(commit: Commit, address: Address): boolean {
  return commit.address.context === address.context && commit.address.entity === address.entity && commit.address.key === address.key;
}

function* blobRefsIn(commits: readonly Commit[]): Generator<BlobRef> {
  for (const event of commits.flatMap((commit) => commit.events)) {
    for (const value of Object.values((event.data ?? {}) as Record<string, unknown>)) {
      if (typeof value === 'object' && value !== null && 'sha256' in value && 'chunks' in value) yield value as BlobRef;
    }
  }
}
