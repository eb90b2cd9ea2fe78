/**
 * One reader's way through the log.
 *
 * I1 when a notice is handed over, the cursor stands behind it: a stream that is cut there goes on with the next
 * I2 notices of one event stream come in its order; those of different streams in any
 * I3 the cursor also passes what the reader did not ask for, and commits that say nothing
 */
import { tokenOf, type Cursor, type Place } from './cursor.js';
import type { Notice, NoticeType } from './notice.js';
import type { NotedCommit, Tail } from './tail.js';

export class NoticeReader {
  private readonly places: Place[];
  private isCaughtUp = false;

  /** @param types null for all */
  constructor(
    private readonly tail: Tail,
    cursor: Cursor,
    private readonly types: ReadonlySet<NoticeType> | null,
  ) {
    this.places = [...cursor];
  }

  /** Good for going on behind the last notice that was handed over. */
  get token(): string {
    return tokenOf(this.places);
  }

  /** True when the last pass met the end of the log as it is known. */
  get isAtEnd(): boolean {
    return this.isCaughtUp;
  }

  /** Takes one stretch of each event stream. */
  async *pass(): AsyncGenerator<Notice> {
    this.isCaughtUp = false;
    let isEnd = true;
    for (const stream of this.places.keys()) isEnd = (yield* this.stretchOf(stream)) && isEnd;
    this.isCaughtUp = isEnd;
  }

  private async *stretchOf(stream: number): AsyncGenerator<Notice, boolean> {
    const { sequence, taken } = this.places[stream] as Place;
    const stretch = await this.tail.after(stream, taken > 0 ? sequence - 1 : sequence);
    for (const commit of stretch.commits) yield* this.noticesOf(commit, stream);
    if (stretch.to !== null && stretch.to.sequence > (this.places[stream] as Place).sequence) this.places[stream] = stretch.to;
    return stretch.isEnd;
  }

  private *noticesOf({ place, notices }: NotedCommit, stream: number): Generator<Notice> {
    const { sequence, taken } = this.places[stream] as Place;
    const left = place.sequence === sequence ? notices.filter(({ index }) => index >= taken) : notices;
    for (const [number, { index, notice }] of left.entries()) {
      this.places[stream] = number === left.length - 1 ? place : { ...place, taken: index + 1 };
      if (this.types === null || this.types.has(notice.type)) yield notice;
    }
    this.places[stream] = place;
  }
}
