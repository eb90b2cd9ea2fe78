/** A listener that takes what it is given, one that does not, and one that goes. */
import type { MemoryLog } from '@soloist/eventlog';
import { describe, expect, test } from 'vitest';
import { beginningOf, cursorOf } from './cursor.js';
import { NoticeReader } from './notice-reader.js';
import { Follower, type Outlet } from './follower.js';
import { HandRounds, readOn, remind, runOf, streamLog } from './stream-log.fixture.js';
import { Tail } from './tail.js';

/** Takes so many writes and then nothing, until it is told to. */
class Listener implements Outlet {
  readonly written: string[] = [];
  lastWords: string | null = null;
  private free: (() => void) | null = null;

  constructor(public room = Infinity) {}

  write(text: string): boolean {
    this.written.push(text);
    this.room -= 1;
    return this.room > 0;
  }
  drained(): Promise<void> {
    return new Promise((resolve) => (this.free = resolve));
  }
  end(text: string): void {
    this.lastWords = text;
    this.free?.();
  }
  take(room: number): void {
    this.room = room;
    this.free?.();
  }
  get notices(): readonly string[] {
    return this.written.flatMap((frame) => (/^data: (.*)$/m.exec(frame)?.[1] === undefined ? [] : [(JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] as string) as { id: string }).id]));
  }
  get token(): string {
    return /^id: (.*)$/m.exec(this.written.at(-1) ?? '')?.[1] ?? '';
  }
}

interface Stage {
  readonly log: MemoryLog;
  readonly rounds: HandRounds;
  readonly tail: Tail;
  follow(listener: Listener, token?: string): { readonly follower: Follower; readonly ended: Promise<void> };
}

async function stage(commits: number): Promise<Stage> {
  const log = streamLog(2);
  for (let number = 0; number < commits; number += 1) await remind(log, runOf(number), 1);
  const rounds = new HandRounds();
  const tail = new Tail(log.connect('governance').log, rounds);
  return {
    ...{ log, rounds, tail },
    follow: (listener, token) => {
      const cursor = token === undefined ? beginningOf(2) : cursorOf(token, 2);
      const follower = new Follower(tail, new NoticeReader(tail, cursor ?? beginningOf(2), null), listener);
      return { follower, ended: follower.run() };
    },
  };
}

/** Everything that can happen without a round has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a listener', () => {
  test('hears what was there, and then what comes, with one reader of the end of the log for all', async () => {
    const { log, rounds, follow } = await stage(5);
    const listeners = Array.from({ length: 20 }, () => new Listener());
    const following = listeners.map((listener) => follow(listener));
    await settled();
    expect(rounds.running).toBe(1);
    await rounds.make();
    await remind(log, runOf(9), 3);
    await rounds.make();
    await settled();
    for (const { notices } of listeners) expect([notices.length, new Set(notices).size]).toEqual([8, 8]);
    for (const { follower } of following) follower.end(null);
    await Promise.all(following.map(({ ended }) => ended));
    expect(rounds.running).toBe(0);
  });

  test('I1 that takes nothing is given nothing more, however long the log is', async () => {
    const { follow } = await stage(200);
    const listener = new Listener(10);
    const { follower, ended } = follow(listener);
    await settled();
    expect(listener.written).toHaveLength(10);
    for (let took = 1; took <= 20; took += 1) {
      listener.take(1);
      await settled();
    }
    expect(listener.written).toHaveLength(30);
    follower.end(null);
    await ended;
  });

  test('I2 that takes nothing for two beats is cut with a word, and comes back without missing or hearing twice', async () => {
    const { tail, follow } = await stage(50);
    const listener = new Listener(10);
    const { follower, ended } = follow(listener);
    await settled();
    follower.beat();
    expect(listener.lastWords).toBeNull();
    follower.beat();
    await ended;
    expect(listener.lastWords).toMatch(/^: ended, too slow: .*Last-Event-ID.*\n\n$/);
    expect(listener.notices).toHaveLength(9);
    const again = await readOn(tail, cursorOf(listener.token, 2) ?? []);
    expect(new Set([...listener.notices, ...again.heard.map(({ notice }) => notice.id)]).size).toBe(50);
    expect(again.heard).toHaveLength(41);
  });

  test('I2 that takes slowly, but takes, is not cut', async () => {
    const { follow } = await stage(40);
    const listener = new Listener(1);
    const { follower, ended } = follow(listener);
    for (let took = 0; took < 40; took += 1) {
      await settled();
      follower.beat();
      listener.take(1);
    }
    await settled();
    expect([listener.lastWords, listener.notices.length]).toEqual([null, 40]);
    follower.end(null);
    await ended;
  });

  test('gets a sign of life that carries how far it has come, and never further than what it was given', async () => {
    const { log, follow, rounds } = await stage(3);
    const tail = new Tail(log.connect('governance').log, new HandRounds());
    const listener = new Listener();
    const { follower, ended } = follow(listener);
    for (let number = 10; number < 40; number += 1) {
      await remind(log, runOf(number), 2);
      const looking = rounds.make();
      for (let turn = 0; turn < number; turn += 1) {
        await Promise.resolve();
        follower.beat();
        const heard = new Set(listener.notices);
        const behind = await readOn(tail, cursorOf(listener.token, 2) ?? []);
        expect(behind.heard.filter(({ notice }) => heard.has(notice.id))).toEqual([]);
        const all = new Set([...heard, ...behind.heard.map(({ notice }) => notice.id)]);
        expect(all.size).toBe(3 + 2 * (number - 9));
      }
      await looking;
    }
    follower.end(null);
    await ended;
    expect(listener.written.filter((frame) => frame.startsWith(': still here')).length).toBeGreaterThan(100);
  });

  test('I3 is told when the log cannot be read', async () => {
    const { follow } = await stage(1);
    const { log } = streamLog(2).connect('connectors');
    const tail = new Tail(log, new HandRounds());
    const listener = new Listener();
    await new Follower(tail, new NoticeReader(tail, beginningOf(2), null), listener).run();
    expect(listener.lastWords).toContain('the log cannot be read now');
    const other = new Listener();
    const { follower, ended } = follow(other);
    follower.end('governance is going down');
    await ended;
    expect(other.lastWords).toContain('governance is going down');
  });
});
