/**
 * Brings the notices to one listener, and goes on with the log.
 *
 * I1 nothing is read for a listener that has not taken what it was given: what waits for it is one frame and what its
 *    connection buffers
 * I2 a listener whose connection has no room for two beats is cut, and told so; it may come back with its last token
 * I3 every end says why, and keeps the token
 */
import type { Subscription } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import type { NoticeReader } from './notice-reader.js';
import type { Tail } from './tail.js';

/** Where the frames go: the answer to a request. */
export interface Outlet {
  /** False when no more should be given before `drained`. */
  write(text: string): boolean;
  /** Settles when there is room again. */
  drained(): Promise<void>;
  /** The last words, and the end. */
  end(text: string): void;
}

/** Beats without anything taken. */
const PATIENCE = 2;
/** After a connection was lost, a listener waits so long. */
const RETRY_MS = 3_000;

export class Follower {
  private stirred = false;
  private stir: (() => void) | null = null;
  private release: (() => void) | null = null;
  private isOver = false;
  private isFull = false;
  private idleBeats = 0;
  /** Behind the last notice that was written, which the reader may be ahead of. */
  private token: string;

  constructor(
    private readonly tail: Tail,
    private readonly reader: NoticeReader,
    private readonly outlet: Outlet,
  ) {
    this.token = reader.token;
  }

  /** Until it is ended. */
  async run(): Promise<void> {
    const listening: Subscription = this.tail.join(() => this.wake());
    try {
      await this.put(`retry: ${RETRY_MS}\nid: ${this.token}\n\n`);
      while (!this.isOver) await this.follow();
    } catch (error) {
      this.end('the log cannot be read now');
      if (!isFault(error)) throw error;
    } finally {
      await listening.stop();
    }
  }

  /** A sign of life, with how far the listener has come: also past what it did not ask for. */
  beat(): void {
    if (this.isOver) return;
    if (this.isFull) {
      this.idleBeats += 1;
      if (this.idleBeats >= PATIENCE) this.end('too slow: nothing was taken for a while');
    } else if (this.tail.isFailing) this.end('the log cannot be read now');
    else this.isFull = !this.outlet.write(`: still here\nid: ${this.token}\n\n`);
  }

  /** @param because words of ours, on one line; null when the listener has gone */
  end(because: string | null): void {
    if (this.isOver) return;
    this.isOver = true;
    if (because !== null) this.outlet.end(`: ended, ${because}; come back with Last-Event-ID to go on behind the last event\n\n`);
    this.wake();
    this.release?.();
  }

  private async follow(): Promise<void> {
    this.stirred = false;
    for await (const notice of this.reader.pass()) {
      this.token = this.reader.token;
      await this.put(`id: ${this.token}\ndata: ${JSON.stringify(notice)}\n\n`);
      if (this.isOver) return;
    }
    this.token = this.reader.token;
    if (this.reader.isAtEnd && !this.stirred && !this.isOver) await new Promise<void>((resolve) => (this.stir = resolve));
  }

  private async put(text: string): Promise<void> {
    if (this.isOver) return;
    // A beat may have filled it in between.
    this.isFull = !this.outlet.write(text) || this.isFull;
    while (this.isFull && !this.isOver) await this.roomAgain();
  }

  private async roomAgain(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.release = resolve;
      this.outlet.drained().then(resolve, reject);
    });
    this.isFull = false;
    this.idleBeats = 0;
  }

  private wake(): void {
    this.stirred = true;
    this.stir?.();
    this.stir = null;
  }
}
