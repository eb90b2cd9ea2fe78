/**
 * The end of the log, read once for all who listen.
 *
 * I1 notices are made of what the log returns and of nothing else: wake-ups are shared with other replicas, so there are none
 * I2 what is kept in memory has a bound that does not grow with readers or with the log: the latest notices of each stream,
 *    and the one page that is read from further back
 * I3 nobody listens: nothing is read
 * I4 growth that a look saw in some streams before another could not be read is told by the next look that succeeds
 */
import type { Commit, EventLog, Subscription } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import type { Rounds } from '../ports/rounds.port.js';
import { BEGINNING, markOf, type Cursor, type Place } from './cursor.js';
import { noticesOf, type NotedNotice } from './notices-of-commit.js';

const EVERY_MS = 200;
/** Commits in one read. */
export const PAGE = 256;
/** Commits with notices that are kept for each stream. */
const KEPT = 512;

/** A commit that says something. */
export interface NotedCommit {
  readonly place: Place;
  readonly notices: readonly NotedNotice[];
}

/** What lies behind a place of a stream. */
export interface Stretch {
  readonly commits: readonly NotedCommit[];
  /** The last commit of the stretch, with notices or without; null when nothing lies behind the place. */
  readonly to: Place | null;
  /** False: more is known to lie behind it. */
  readonly isEnd: boolean;
}

interface Window {
  /** What is kept lies behind this sequence. */
  from: number;
  commits: NotedCommit[];
  to: Place;
}

export class Tail {
  private windows: readonly Window[] | null = null;
  private readonly listeners = new Set<() => void>();
  private polling: Subscription | null = null;
  private further: Promise<unknown> = Promise.resolve();
  private failed = false;

  constructor(
    private readonly log: EventLog,
    private readonly rounds: Pick<Rounds, 'every'>,
  ) {}

  get streams(): number {
    return this.log.streams;
  }

  /** The last look at the log did not succeed. */
  get isFailing(): boolean {
    return this.failed;
  }

  /** @param onGrowth called whenever the log was seen to have grown; who then reads finds what is new */
  join(onGrowth: () => void): Subscription {
    this.listeners.add(onGrowth);
    this.polling ??= this.rounds.every(EVERY_MS, () => this.look());
    return { stop: () => this.leave(onGrowth) };
  }

  private async leave(onGrowth: () => void): Promise<void> {
    this.listeners.delete(onGrowth);
    if (this.listeners.size > 0) return;
    const polling = this.polling;
    this.polling = null;
    this.windows = null;
    await polling?.stop();
  }

  /** Where the log ends at this moment. */
  async now(): Promise<Cursor> {
    return Promise.all(this.all().map(async (stream) => this.placeAt(stream, await this.log.lastSequence(stream))));
  }

  /** Whether the log still holds what the cursor's maker saw. */
  async holds(cursor: Cursor): Promise<boolean> {
    const found = await Promise.all(
      cursor.map(async ({ sequence, mark }, stream) => {
        if (sequence === 0) return true;
        const commit = await this.log.commitAt({ stream, sequence });
        // What a closed run left behind may be cleared away; the numbers go on.
        return commit === null ? sequence <= (await this.log.lastSequence(stream)) : markOf(commit.hash) === mark;
      }),
    );
    return found.every(Boolean);
  }

  async after(stream: number, sequence: number): Promise<Stretch> {
    const window = this.windows?.[stream];
    if (window === undefined || sequence < window.from) return this.readFurther(stream, sequence);
    const commits = window.commits.filter(({ place }) => place.sequence > sequence);
    return { commits, to: window.to.sequence > sequence ? window.to : null, isEnd: true };
  }

  /** One at a time, whoever asks: pages hold whole commits. */
  private readFurther(stream: number, sequence: number): Promise<Stretch> {
    const page = this.further.then(async (): Promise<Stretch> => {
      const read = await this.log.readAfter(stream, sequence, PAGE);
      return { commits: this.noted(read), to: lastOf(read), isEnd: read.length < PAGE };
    });
    this.further = page.catch(() => undefined);
    return page;
  }

  private async look(): Promise<void> {
    try {
      const windows = this.windows ?? (await this.now()).map((to) => ({ from: to.sequence, commits: [], to }));
      const grew = await Promise.all(windows.map((window, stream) => this.extend(window, stream)));
      const isOwed = this.windows === null || this.failed;
      if (this.listeners.size > 0) this.windows = windows;
      this.failed = false;
      if (isOwed || grew.some(Boolean)) for (const onGrowth of this.listeners) onGrowth();
    } catch (error) {
      this.failed = true;
      if (!isFault(error)) throw error;
    }
  }

  private async extend(window: Window, stream: number): Promise<boolean> {
    const before = window.to.sequence;
    for (;;) {
      const read = await this.log.readAfter(stream, window.to.sequence, PAGE);
      window.commits.push(...this.noted(read));
      window.to = lastOf(read) ?? window.to;
      const surplus = window.commits.splice(0, Math.max(0, window.commits.length - KEPT));
      window.from = surplus.at(-1)?.place.sequence ?? window.from;
      if (read.length < PAGE) return window.to.sequence > before;
    }
  }

  private noted(commits: readonly Commit[]): NotedCommit[] {
    return commits.flatMap((commit) => {
      const notices = noticesOf(commit, this.log.streams);
      return notices.length === 0 ? [] : [{ place: placeOf(commit), notices }];
    });
  }

  private async placeAt(stream: number, sequence: number): Promise<Place> {
    if (sequence === 0) return BEGINNING;
    const commit = await this.log.commitAt({ stream, sequence });
    return commit === null ? { sequence, mark: 0, taken: 0 } : placeOf(commit);
  }

  private all(): readonly number[] {
    return Array.from({ length: this.log.streams }, (_, stream) => stream);
  }
}

function placeOf({ position, hash }: Commit): Place {
  return { sequence: position.sequence, mark: markOf(hash), taken: 0 };
}

function lastOf(commits: readonly Commit[]): Place | null {
  const last = commits.at(-1);
  return last === undefined ? null : placeOf(last);
}
