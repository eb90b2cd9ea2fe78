import type { Server } from '@nats-io/nats-core';
import { describe, expect, it } from 'vitest';
import { redial } from './redial.js';

const [first, second] = [{ listen: 'first' }, { listen: 'second' }] as unknown as [Server, Server];

describe('redialling', () => {
  it('takes the server the client would have taken: the first time at once, then after the pause', () => {
    let nowMs = 5_000;
    const { reconnectToServer } = redial({ pauseMs: 100, jitterMs: 0 }, () => nowMs);
    expect(reconnectToServer([first, second], null)).toEqual({ server: first, delay: 0 });
    expect(reconnectToServer([second, first], null)).toEqual({ server: second, delay: 100 });
    nowMs += 150;
    expect(reconnectToServer([first, second], null)).toEqual({ server: first, delay: 50 });
    nowMs += 60_000;
    expect(reconnectToServer([first, second], null)).toEqual({ server: first, delay: 0 });
  });

  it('spreads the tries of many clients', () => {
    const { reconnectToServer } = redial({ pauseMs: 100, jitterMs: 50 }, () => 0);
    reconnectToServer([first], null);
    const { delay } = reconnectToServer([first], null) as { delay: number };
    expect(delay).toBeGreaterThanOrEqual(100);
    expect(delay).toBeLessThanOrEqual(150);
  });

  it('never waits for a time of day', () => {
    const wait = redial({ pauseMs: 100, jitterMs: 0 }).reconnectDelayHandler();
    const dialledTomorrow = Date.now() + 86_400_000;
    expect(dialledTomorrow + wait <= Date.now()).toBe(true);
  });

  it('leaves an empty pool to the client', () => {
    expect(redial({ pauseMs: 100, jitterMs: 0 }).reconnectToServer([], null)).toBeNull();
  });
});
