import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastDigestHour, nextDigestHour } from './digest-hours.js';
import { isQuiet } from './quiet-hours.js';

const berlin = { at: '08:00', timeZone: 'Europe/Berlin' };
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Pago_Pago');
const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
const quiet = fc.option(fc.tuple(zone, clock, clock).filter(([, from, to]) => from !== to).map(([timeZone, from, to]) => ({ from, to, timeZone })), { nil: undefined });

describe('the hour of a digest', () => {
  test('is by the operator\'s clock, in winter and in summer', () => {
    expect(nextDigestHour(berlin, undefined, '2026-12-01T06:59:00.000Z')).toEqual({ day: '2026-12-01', dueAt: '2026-12-01T07:00:00.000Z' });
    expect(nextDigestHour(berlin, undefined, '2026-12-01T07:00:00.000Z')).toEqual({ day: '2026-12-02', dueAt: '2026-12-02T07:00:00.000Z' });
    expect(nextDigestHour(berlin, undefined, '2026-07-01T00:00:00.000Z')).toEqual({ day: '2026-07-01', dueAt: '2026-07-01T06:00:00.000Z' });
    expect(nextDigestHour({ at: '00:10', timeZone: 'Pacific/Auckland' }, undefined, '2026-12-01T00:00:00.000Z').day).toBe('2026-12-02');
  });

  test('that summer time skips is the first moment behind, and one it has twice is the first of the two', () => {
    expect(nextDigestHour({ at: '02:30', timeZone: 'Europe/Berlin' }, undefined, '2026-03-29T00:00:00.000Z')).toEqual({ day: '2026-03-29', dueAt: '2026-03-29T01:00:00.000Z' });
    expect(nextDigestHour({ at: '02:30', timeZone: 'Europe/Berlin' }, undefined, '2026-10-25T00:00:00.000Z')).toEqual({ day: '2026-10-25', dueAt: '2026-10-25T00:30:00.000Z' });
  });

  test('in quiet hours is their end, also when that is the day after', () => {
    const night = { from: '22:00', to: '09:00', timeZone: 'Europe/Berlin' };
    expect(nextDigestHour(berlin, night, '2026-12-01T00:00:00.000Z')).toEqual({ day: '2026-12-01', dueAt: '2026-12-01T08:00:00.000Z' });
    const late = { at: '23:00', timeZone: 'Europe/Berlin' };
    expect(nextDigestHour(late, night, '2026-12-02T07:00:00.000Z')).toEqual({ day: '2026-12-01', dueAt: '2026-12-02T08:00:00.000Z' });
    expect(lastDigestHour(late, night, '2026-12-02T08:00:00.000Z')).toEqual({ day: '2026-12-01', dueAt: '2026-12-02T08:00:00.000Z' });
  });

  test('[V8] comes once a day, never in quiet hours, and the last before the next is the one that follows it by a day', () => {
    fc.assert(
      fc.property(zone, clock, quiet, moment, (timeZone, at, hours, now) => {
        const time = { at, timeZone };
        const next = nextDigestHour(time, hours, now);
        const last = lastDigestHour(time, hours, now);
        expect(next.dueAt > now && last.dueAt <= now).toBe(true);
        expect(last.day < next.day).toBe(true);
        // Looked at when it is due, it is the one that is due.
        expect(lastDigestHour(time, hours, next.dueAt).day >= next.day).toBe(true);
        if (hours !== undefined) expect(isQuiet(next.dueAt, hours)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
