import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault, isFault } from './fault.js';
import { formatMoney } from './money.js';
import { isRejection, reject } from './rejection.js';
import { joinTrust, TRUST_LEVELS } from './trust.js';

describe('a fault', () => {
  it('carries kind, code, cause and, where the world said so, how long to wait', () => {
    const cause = new Error('socket');
    const fault = new Fault('throttled', 'mail.busy', 'too many', { cause, retryAfterMs: 1_500 });
    expect(fault).toMatchObject({ name: 'Fault', kind: 'throttled', code: 'mail.busy', message: 'too many', cause, retryAfterMs: 1_500 });
    expect(new Fault('invalid', 'c', 'm').retryAfterMs).toBeUndefined();
  });

  it('is told apart from a defect', () => {
    expect(isFault(new Fault('invalid', 'c', 'm'))).toBe(true);
    expect([new Error('x'), { kind: 'invalid' }, null, undefined].some(isFault)).toBe(false);
  });
});

describe('a rejection', () => {
  it('is a value that says why', () => {
    expect(reject('budget.exceeded', 'the day is spent')).toEqual({ rejected: true, code: 'budget.exceeded', because: 'the day is spent' });
  });

  it('is told apart from events', () => {
    expect(isRejection(reject('c', 'b'))).toBe(true);
    expect([null, undefined, [], {}, { rejected: 'yes' }, 'rejected'].some(isRejection)).toBe(false);
  });
});

describe('money', () => {
  it.each([
    [0, '0.00 USD'],
    [1, '0.000001 USD'],
    [1_000_000, '1.00 USD'],
    [1_230_000, '1.23 USD'],
    [1_234_500, '1.2345 USD'],
    [-2_500_000, '-2.50 USD'],
    [-1, '-0.000001 USD'],
  ])('%d micro-units read %s', (micros, expected) => {
    expect(formatMoney({ micros, currency: 'USD' })).toBe(expected);
  });

  it('never loses a micro-unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (micros) => {
        const [text] = formatMoney({ micros, currency: 'EUR' }).split(' ');
        const [whole, fraction] = (text ?? '').replace('-', '').split('.');
        const back = Number(whole) * 1_000_000 + Number((fraction ?? '').padEnd(6, '0'));
        expect(back).toBe(Math.abs(micros));
        expect(text?.startsWith('-')).toBe(micros < 0);
      }),
    );
  });
});

describe('trust', () => {
  const level = fc.constantFrom(...TRUST_LEVELS);

  it('only goes down when values are joined, in any order', () => {
    fc.assert(
      fc.property(level, level, level, (a, b, c) => {
        const rank = (trust: (typeof TRUST_LEVELS)[number]): number => TRUST_LEVELS.indexOf(trust);
        expect(rank(joinTrust(a, b))).toBe(Math.max(rank(a), rank(b)));
        expect(joinTrust(a, b)).toBe(joinTrust(b, a));
        expect(joinTrust(joinTrust(a, b), c)).toBe(joinTrust(a, joinTrust(b, c)));
        expect(joinTrust(a, a)).toBe(a);
      }),
    );
  });
});
