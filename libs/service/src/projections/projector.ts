/**
 * Follows the log into a store: reads each stream from the position stored in the same transaction as the rows.
 *
 * I1 rows and position move in one transaction, so a crash repeats nothing and skips nothing
 * I2 the commit at the stored position must still be in the log with the hash seen then: a log that was cut or
 *    replaced is refused, not projected over
 * I3 wake-ups carry nothing; what is projected is read from the log
 * I4 one batch is written and at most one more held at any time, whatever the length of the log
 */
import type { Commit, EventLog, LogConnection, Subscription } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { Logger } from '@soloist/telemetry';
import type { ProjectionFollower } from '../service.js';

export interface StoredPosition {
  readonly sequence: number;
  /** Hash of the last projected commit; empty before the first. */
  readonly hash: string;
}

/** A database of one service that holds projections. `Rows` is what `project` writes with, inside the transaction. */
export interface ProjectionStore<Rows> {
  position(stream: number): Promise<StoredPosition>;
  /** Runs `write` and stores the position in one transaction. */
  advance(stream: number, to: StoredPosition, write: (rows: Rows) => Promise<void>): Promise<void>;
}

/** Commits in one transaction: few at first, more while they go through quickly, as in a rebuild. */
const FIRST_BATCH = 500;
const LARGEST_BATCH = 4_000;
const QUICK_MS = 300;
const SLOW_MS = 1_500;
const RETRY_MS = 1_000;

export class Projector<Rows> implements ProjectionFollower {
  private readonly running = new Map<number, Promise<void>>();
  private readonly again = new Set<number>();
  private readonly retrying = new Set<number>();
  private readonly positions = new Map<number, number>();
  private stopped = false;

  constructor(
    readonly name: string,
    private readonly context: Parameters<LogConnection['deliveries']['wakeups']>[0],
    private readonly store: ProjectionStore<Rows>,
    private readonly project: (rows: Rows, commits: readonly Commit[]) => Promise<void>,
    private readonly logger: Logger,
    /** Commits in one transaction; what the projector finds fitting when it is not said. */
    private readonly batch: number | null = null,
  ) {}

  async start(connection: LogConnection): Promise<Subscription> {
    this.stopped = false;
    const { log } = connection;
    for (let stream = 0; stream < log.streams; stream += 1) {
      await this.verify(log, stream);
      await this.catchUp(log, stream);
    }
    const wakeups = await connection.deliveries.wakeups(this.context, (stream) => this.wake(log, stream));
    // Between the first catch-up and the subscription something may have been written.
    for (let stream = 0; stream < log.streams; stream += 1) this.wake(log, stream);
    return {
      stop: async () => {
        this.stopped = true;
        await wakeups.stop();
        await Promise.allSettled(this.running.values());
      },
    };
  }

  /** How far each stream is projected: what an answer made from the rows reflects. */
  asOf(): { stream: number; sequence: number }[] {
    return [...this.positions].map(([stream, sequence]) => ({ stream, sequence })).sort((a, b) => a.stream - b.stream);
  }

  /** Projects the stream up to at least `sequence`, now: read your own writes. */
  async reach(log: EventLog, stream: number, sequence: number): Promise<void> {
    while ((this.positions.get(stream) ?? 0) < sequence) {
      const before = this.positions.get(stream) ?? 0;
      await this.exclusive(log, stream);
      if ((this.positions.get(stream) ?? 0) === before) {
        throw new Fault('transient', 'projection.behind', `${this.name} cannot reach ${sequence} of stream ${stream}, it stands at ${before}`);
      }
    }
  }

  private wake(log: EventLog, stream: number): void {
    if (this.stopped || this.retrying.has(stream)) return;
    this.exclusive(log, stream).catch((error: unknown) => {
      // All who waited for this round fail at once; one of them tries again for all.
      if (this.stopped || this.retrying.has(stream)) return;
      this.retrying.add(stream);
      this.logger.warn(`${this.name} could not follow stream ${stream}: ${String(error)}`);
      setTimeout(() => {
        this.retrying.delete(stream);
        this.wake(log, stream);
      }, RETRY_MS).unref();
    });
  }

  /** One reader for each stream; whoever comes meanwhile is served by another round. */
  private async exclusive(log: EventLog, stream: number): Promise<void> {
    const current = this.running.get(stream);
    if (current !== undefined) {
      this.again.add(stream);
      return current;
    }
    const round = this.rounds(log, stream).finally(() => this.running.delete(stream));
    this.running.set(stream, round);
    return round;
  }

  private async rounds(log: EventLog, stream: number): Promise<void> {
    do {
      this.again.delete(stream);
      await this.catchUp(log, stream);
    } while (this.again.has(stream) && !this.stopped);
  }

  /** The next batch is read while the one before is written: broker and database work at the same time. */
  private async catchUp(log: EventLog, stream: number): Promise<void> {
    let position = (await this.store.position(stream)).sequence;
    this.positions.set(stream, position);
    let size = this.batch ?? FIRST_BATCH;
    let reading = log.readAfter(stream, position, size);
    for (;;) {
      const started = performance.now();
      const commits = await reading;
      const last = commits.at(-1);
      if (last === undefined) return;
      position = last.position.sequence;
      reading = log.readAfter(stream, position, size);
      // Whether it failed is asked only after this batch is stored.
      reading.catch(() => undefined);
      await this.store.advance(stream, { sequence: position, hash: last.hash }, (rows) => this.project(rows, commits));
      this.positions.set(stream, position);
      if (this.batch === null) size = nextSize(size, performance.now() - started);
    }
  }

  private async verify(log: EventLog, stream: number): Promise<void> {
    const stored = await this.store.position(stream);
    if (stored.sequence === 0) return;
    const [at] = await log.readAfter(stream, stored.sequence - 1, 1);
    if (at?.position.sequence === stored.sequence && at.hash === stored.hash) return;
    throw new Fault(
      'invalid',
      'projection.log-regressed',
      `${this.name} has seen ${stored.sequence} of stream ${stream}, but the log no longer holds that commit. ` +
        'The log was cut or replaced: restore it from a backup, or drop the projections on purpose (soloist doctor).',
    );
  }
}

/** Bounds how long a transaction takes and how much a batch of large commits holds in memory. */
function nextSize(size: number, tookMs: number): number {
  if (tookMs > SLOW_MS) return Math.max(FIRST_BATCH / 4, Math.floor(size / 2));
  return tookMs < QUICK_MS ? Math.min(LARGEST_BATCH, size * 2) : size;
}
