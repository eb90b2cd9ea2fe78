import type { JetStreamClient } from '@nats-io/jetstream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Link } from './link.js';
import { PullLoop } from './pull-loop.js';

/** One open pull of the client, which says only what a test lets it say. */
class OpenPull {
  stops = 0;
  private readonly waiting: ((status: IteratorResult<{ type: string }>) => void)[] = [];
  private end: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  stop(): void {
    this.stops += 1;
    this.end();
  }

  close(): Promise<void> {
    this.stop();
    return Promise.resolve();
  }

  say(type: string): void {
    this.waiting.shift()?.({ done: false, value: { type } });
  }

  status(): AsyncIterable<{ type: string }> {
    return { [Symbol.asyncIterator]: () => ({ next: () => new Promise((resolve) => this.waiting.push(resolve)) }) };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<never> {
    await this.ended;
  }
}

let pulls: OpenPull[];
let isUp: boolean;
let loop: PullLoop;

beforeEach(() => {
  vi.useFakeTimers();
  pulls = [];
  isUp = true;
  const consume = (): Promise<OpenPull> => {
    const pull = new OpenPull();
    pulls.push(pull);
    return Promise.resolve(pull);
  };
  const client = { consumers: { getConsumerFromInfo: () => ({ consume }) } } as unknown as JetStreamClient;
  const link = {
    get isUp() {
      return isUp;
    },
    isClosed: false,
    isUpWithin: () => Promise.resolve(isUp),
  } as unknown as Link;
  loop = new PullLoop(client, link, 'EVENTS-0', 'runtime_reactors', () => undefined);
  loop.start();
});
afterEach(async () => {
  await loop.stop();
  vi.useRealTimers();
});

/** Twelve heartbeats' time, with what is said at each. */
async function aMinute(at: () => void): Promise<void> {
  for (let beat = 0; beat < 12; beat += 1) {
    at();
    await vi.advanceTimersByTimeAsync(5_000);
  }
}

describe('a pull loop [G28]', () => {
  it('keeps a pull that the broker still answers', async () => {
    await aMinute(() => pulls[0]?.say('heartbeat'));
    expect(pulls.map(({ stops }) => stops)).toEqual([0]);
  });

  it('gives up a pull that nobody answers, and begins a new one, whatever the time of day says', async () => {
    vi.setSystemTime(Date.now() - 86_400_000);
    await aMinute(() => pulls.at(-1)?.say('heartbeats_missed'));
    expect(pulls.length).toBeGreaterThan(1);
    expect(pulls[0]?.stops).toBe(1);
  });

  it('leaves it to the reconnect while the connection is down', async () => {
    await vi.advanceTimersByTimeAsync(0);
    isUp = false;
    await aMinute(() => undefined);
    expect(pulls.map(({ stops }) => stops)).toEqual([0]);
  });
});
