import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimit } from './rate-limits.js';

test('I1 however requests are spread, no span of time takes more than burst + rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 }), fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 50, maxLength: 300 }), (burst, perSecond, pauses) => {
      let at = 0;
      const limit = new RateLimit({ burst, perSecond }, () => at);
      const taken: number[] = [];
      for (const pause of pauses) {
        at += pause;
        if (limit.take('key') === 0) taken.push(at);
      }
      for (const [from, first] of taken.entries()) {
        for (let to = from; to < taken.length; to += 1) expect(to - from + 1).toBeLessThanOrEqual(burst + (((taken[to] ?? 0) - first) / 1_000) * perSecond + 1e-6);
      }
    }),
    { numRuns: 60 },
  );
});

test('I1 progress: after the seconds it says, it is free again', () => {
  let at = 0;
  const limit = new RateLimit({ burst: 1, perSecond: 0.25 }, () => at);
  expect([limit.take('key'), limit.take('key')]).toEqual([0, 4]);
  at += 3_999;
  expect(limit.take('key')).toBe(1);
  at += 1;
  expect(limit.take('key')).toBe(0);
});

test('I2 keys do not share, also when there are more of them than are kept', () => {
  const limit = new RateLimit({ burst: 1, perSecond: 1 }, () => 0);
  for (let n = 0; n < 12_000; n += 1) expect(limit.take(`key ${n}`)).toBe(0);
  expect(limit.take('key 11999')).toBe(1);
});

test('I3 a clock that goes back an hour neither fills the bucket nor stops it', () => {
  let at = 3_600_000;
  const limit = new RateLimit({ burst: 2, perSecond: 1 }, () => at);
  expect([limit.take('key'), limit.take('key')]).toEqual([0, 0]);
  at = 0;
  expect(limit.take('key')).toBe(1);
  at = 1_000;
  expect(limit.take('key')).toBe(0);
});
