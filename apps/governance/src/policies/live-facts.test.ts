import { TRUST_LEVELS } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { liveFacts } from './live-facts.js';

const request = { action: 'mail.send', args: { to: ['Bob@acme.example'], subject: 'Hi', text: 'See you' }, effectClass: 'check-first', trust: 'third-party-text' } as const;
const night = { from: '22:00', to: '07:00' };
const around = { known: new Set<string>(), quietHours: undefined, at: '2026-11-24T23:30:00.000Z' };

describe('facts of a live request', () => {
  test('[R7] a recipient is new until the operator approved it, and no more trusted than the run', () => {
    expect(liveFacts(request, around)).toMatchObject({ hasNewRecipient: true, sinks: [{ path: 'to[0]', role: 'recipient', trust: 'third-party-text' }] });
    expect(liveFacts(request, { ...around, known: new Set(['bob@acme.example']) })).toMatchObject({ hasNewRecipient: false, sinks: [{ trust: 'verified-internal' }] });
    expect(liveFacts({ ...request, args: { to: ['bob@acme.example', 'eve@x.invalid'] } }, { ...around, known: new Set(['bob@acme.example']) }).hasNewRecipient).toBe(true);
  });

  test.each([
    ['2026-11-24T23:30:00.000Z', night, true],
    ['2026-11-24T06:59:00.000Z', night, true],
    ['2026-11-24T07:00:00.000Z', night, false],
    ['2026-11-24T12:30:00.000Z', { from: '12:00', to: '13:00' }, true],
    ['2026-11-24T13:00:00.000Z', { from: '12:00', to: '13:00' }, false],
    ['2026-11-24T23:30:00.000Z', undefined, false],
  ])('the hour is that of the commit: %s', (at, quietHours, expected) => {
    expect(liveFacts(request, { ...around, at, quietHours }).isQuietHours).toBe(expected);
  });

  test('less trust in the run is no more trust in any value', () => {
    const levels = TRUST_LEVELS.map((trust) => TRUST_LEVELS.indexOf(liveFacts({ ...request, trust }, around).sinks[0]?.trust ?? 'owner'));
    expect(levels).toEqual([...levels].sort());
  });

  test('an amount and what cannot be read through count', () => {
    expect(liveFacts({ ...request, action: 'bank.pay', args: { amount: 12.5 } }, around).amountMicros).toBe(12_500_000);
    const many = { ...request, args: { to: Array.from({ length: 3_000 }, (_, n) => `p${n}@x.invalid`) } };
    expect(liveFacts(many, around).sinks[0]).toEqual({ path: '…', role: 'recipient', trust: 'unknown' });
  });
});
