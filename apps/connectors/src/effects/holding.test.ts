import { DELIVERY } from '@soloist/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Holding, HOLDS_FOR_MS } from './holding.js';

let nowMs: number;
let isOpen: boolean;
let holding: Holding;

beforeEach(() => {
  nowMs = 0;
  isOpen = true;
  holding = new Holding(() => nowMs);
  holding.claimed(async () => isOpen);
});
afterEach(() => holding.release());

/** Time that passes while the worker is awake and keeps asking. */
async function awake(ms: number): Promise<boolean> {
  let may = true;
  for (const until = nowMs + ms; nowMs < until; nowMs += 250) may = await holding.mayProceed();
  return may;
}

describe('[G10] holding a delivery', () => {
  it('ends before others take its worker for gone', () => {
    expect(HOLDS_FOR_MS).toBeGreaterThan(0);
    expect(HOLDS_FOR_MS + 2 * DELIVERY.presenceMs).toBeLessThan(DELIVERY.silenceMs);
  });

  it('lasts while the worker stays awake, and past one lease while nobody took the claim over (I2)', async () => {
    expect(await awake(60_000)).toBe(true);
    isOpen = false;
    expect(await holding.mayProceed()).toBe(false);
  });

  it('ends at once when the claim has an outcome on the log, though no time has passed (I2)', async () => {
    isOpen = false;
    expect(await holding.mayProceed()).toBe(false);
  });

  it('is over for good once the worker has slept, however awake it is afterwards (I1)', async () => {
    nowMs += HOLDS_FOR_MS;
    expect(await holding.mayProceed()).toBe(false);
    expect(await awake(10_000)).toBe(false);
  });

  it('is over when it slept while the log was asked (I1)', async () => {
    holding.claimed(async () => {
      nowMs += HOLDS_FOR_MS;
      return true;
    });
    expect(await holding.mayProceed()).toBe(false);
  });

  it('cannot be told while the log does not answer', async () => {
    holding.claimed(() => Promise.reject(new Error('unreachable')));
    await expect(holding.mayProceed()).rejects.toThrow('unreachable');
  });

  it('never begins without a claim', async () => {
    const unclaimed = new Holding(() => nowMs);
    expect(await unclaimed.mayProceed()).toBe(false);
    unclaimed.release();
  });
});
