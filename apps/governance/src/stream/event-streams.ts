/**
 * The streams that are open, as long as their listeners may listen.
 *
 * I1 a listener whose token was revoked or is over is cut with the next beat
 * I2 a place is given back however a stream ends
 * I3 at the end of governance every stream ends with a word, and none begins
 */
import type { EventLog, Subscription } from '@soloist/eventlog';
import type { ApiTokens, Caller } from '../ports/api-tokens.port.js';
import type { Rounds } from '../ports/rounds.port.js';
import { beginningOf, cursorOf, FROM_START, type Cursor } from './cursor.js';
import type { Notice, NoticeType } from './notice.js';
import { NoticeReader } from './notice-reader.js';
import { Follower, type Outlet } from './follower.js';
import { StreamPlaces, type PlaceLimits } from './stream-places.js';
import { Tail } from './tail.js';

const BEAT_MS = 15_000;
/** One page reads no more passes than this, whatever it finds. */
const PASSES_A_PAGE = 8;

export interface StreamWish {
  /** A token, or the word for the beginning; null: from now on. */
  readonly after: string | null;
  /** Null: all. */
  readonly types: ReadonlySet<NoticeType> | null;
}

export interface NoticePage {
  readonly events: readonly Notice[];
  /** Goes on behind the last of them. */
  readonly after: string;
  /** False: more lies behind it already. */
  readonly isEnd: boolean;
}

export type Opening = { readonly outcome: 'open'; readonly listen: (outlet: Outlet) => Listening } | { readonly outcome: 'own-full' | 'all-full' | 'ending' | 'bad-token' | 'stale-token' };

export interface Listening {
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  /** The listener has gone. */
  leave(): void;
}

export class EventStreams {
  private readonly tail: Tail;
  private readonly places: StreamPlaces;
  private readonly open = new Map<Follower, Caller>();
  private beating: Subscription | null = null;
  private isEnding = false;

  constructor(
    log: EventLog,
    private readonly tokens: Pick<ApiTokens, 'list'>,
    private readonly rounds: Rounds,
    limits?: PlaceLimits,
  ) {
    this.tail = new Tail(log, rounds);
    this.places = new StreamPlaces(limits);
  }

  /** Takes a place for the caller. It is given back when the stream ends, or at once when there is none. */
  async begin(caller: Caller, wish: StreamWish): Promise<Opening> {
    if (this.isEnding) return { outcome: 'ending' };
    const taken = this.places.take(caller);
    if (taken !== 'taken') return { outcome: taken === 'own' ? 'own-full' : 'all-full' };
    const cursor = await this.cursorFor(wish.after).catch((error: unknown) => {
      this.places.give(caller);
      throw error;
    });
    // Governance may have begun to end meanwhile.
    const hindrance = typeof cursor === 'string' ? cursor : this.isEnding ? 'ending' : null;
    if (hindrance === null) return { outcome: 'open', listen: (outlet) => this.listen(caller, new NoticeReader(this.tail, cursor as Cursor, wish.types), outlet) };
    this.places.give(caller);
    return { outcome: hindrance };
  }

  /** What lies behind a token, for who asks now and then. At least `limit` notices, unless there are fewer within what one page reads. */
  async page(wish: StreamWish, limit: number): Promise<NoticePage | 'bad-token' | 'stale-token'> {
    const cursor = await this.cursorFor(wish.after);
    if (typeof cursor === 'string') return cursor;
    const reader = new NoticeReader(this.tail, cursor, wish.types);
    const events: Notice[] = [];
    for (let pass = 0; pass < PASSES_A_PAGE && !reader.isAtEnd; pass += 1) {
      for await (const notice of reader.pass()) {
        events.push(notice);
        if (events.length >= limit) return { events, after: reader.token, isEnd: false };
      }
    }
    return { events, after: reader.token, isEnd: reader.isAtEnd };
  }

  /** Called by Nest before it waits for requests to end. */
  async onModuleDestroy(): Promise<void> {
    this.isEnding = true;
    for (const follower of this.open.keys()) follower.end('governance is going down');
    await this.beating?.stop();
  }

  private listen(caller: Caller, reader: NoticeReader, outlet: Outlet): Listening {
    const follower = new Follower(this.tail, reader, outlet);
    this.open.set(follower, caller);
    this.beating ??= this.rounds.every(BEAT_MS, () => this.beat());
    if (this.isEnding) follower.end('governance is going down');
    const ended = follower.run().finally(() => {
      this.open.delete(follower);
      this.places.give(caller);
    });
    return { ended, leave: () => follower.end(null) };
  }

  private async beat(): Promise<void> {
    if (this.open.size === 0) return;
    const now = Date.parse(this.rounds.now());
    const entries = new Map((await this.tokens.list()).map((entry) => [entry.name, entry]));
    for (const [follower, { name, isOperator }] of this.open) {
      const entry = entries.get(name);
      const isValid = entry !== undefined && entry.revokedAt === null && (entry.expiresAt === null || Date.parse(entry.expiresAt) > now);
      if (isOperator || isValid) follower.beat();
      else follower.end('the token is over or was revoked');
    }
  }

  private async cursorFor(after: string | null): Promise<Cursor | 'bad-token' | 'stale-token'> {
    if (after === null) return this.tail.now();
    if (after === FROM_START) return beginningOf(this.tail.streams);
    const cursor = cursorOf(after, this.tail.streams);
    if (cursor === null) return 'bad-token';
    return (await this.tail.holds(cursor)) ? cursor : 'stale-token';
  }
}
