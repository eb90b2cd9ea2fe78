import type { Commit } from '@soloist/eventlog';
import { DELIVERY } from '@soloist/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Holding, HOLDS_FOR_MS } from './holding.js';

const armed = { id: 'armed', address: { context: 'connectors', entity: 'effect', key: 'run-1' } } as Commit;
let nowMs: number;
let head: Commit | null;
let holding: Holding;

beforeEach(() => {
  nowMs = 0;
  head = armed;
  holding = new Holding({ head: async () => head }, () => nowMs);
  holding.claimed(armed);
});
afterEach(() => holding.release());

/** Time that passes while the worker is awake and keeps asking. */
async function awake(ms: number): Promise<boolean> {
  let may = true;
  for (const until = nowMs + ms; nowMs < until; nowMs += 250) may = await holding.mayProceed();
  return may;
}

describe('[G10] holding a delivery', () => {
  it('ends before the broker hands the delivery to somebody else', () => {
    expect(HOLDS_FOR_MS).toBeGreaterThan(0);
    expect(HOLDS_FOR_MS + DELIVERY.signOfLifeMs).toBeLessThan(DELIVERY.ackWaitMs);
  });

  it('lasts while the worker stays awake, and past one lease while nobody took the claim over (I2)', async () => {
    expect(await awake(60_000)).toBe(true);
    head = { ...armed, id: 'unknown' };
    expect(await holding.mayProceed()).toBe(false);
    head = null;
    expect(await holding.mayProceed()).toBe(false);
  });

  it('is over for good once the worker has slept, however awake it is afterwards (I1)', async () => {
    nowMs += HOLDS_FOR_MS;
    expect(await holding.mayProceed()).toBe(false);
    expect(await awake(10_000)).toBe(false);
  });

  it('is over when it slept while the log was asked', async () => {
    await awake(HOLDS_FOR_MS);
    const asleep = new Holding({ head: async () => { nowMs += HOLDS_FOR_MS; return armed; } }, () => nowMs);
    asleep.claimed(armed);
    nowMs += HOLDS_FOR_MS - 1;
    expect(await asleep.mayProceed()).toBe(true);
    nowMs += 1;
    expect(await asleep.mayProceed()).toBe(false);
    asleep.release();
  });

  it('never lasts past one lease without a claim', async () => {
    const unclaimed = new Holding({ head: async () => armed }, () => nowMs);
    for (let times = 0; times < 100; times += 1) {
      nowMs += 250;
      const may = await unclaimed.mayProceed();
      expect(may).toBe((times + 1) * 250 < HOLDS_FOR_MS);
    }
    unclaimed.release();
  });
});
