import type { GateEvent, SnoozeGate } from '@soloist/contracts';
import { isRejection } from '@soloist/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { climb, nextRung, snoozeGate, type LadderTerms } from './gate-ladder.js';
import { asked, GATE, given, NOW, RUN, seal, terms, typesOf, wish } from './gate.fixture.js';
import { decideGate } from './gate.js';
import { isQuiet, quietEnds } from './quiet-hours.js';

const HOUR_MS = 3_600_000;
const plain: LadderTerms = { gateExpiresAfterHours: 72 };
const after = (hours: number): string => new Date(Date.parse(NOW) + hours * HOUR_MS).toISOString();
const recordOf = (events: readonly GateEvent[]) => given(...events).gates.get(GATE) as NonNullable<ReturnType<ReturnType<typeof given>['gates']['get']>>;
const snooze = (until: string): SnoozeGate => ({ type: 'governance.gate.snooze', runId: RUN, gateId: GATE, until, by: 'operator', surface: 'cli' });

/** Lets every rung fire at its moment, until there is none. */
function walk(history: readonly GateEvent[], ladder: LadderTerms): readonly { at: string; events: readonly string[] }[] {
  const events = [...history];
  const steps: { at: string; events: readonly string[] }[] = [];
  for (let rung = nextRung(recordOf(events), ladder); rung !== null; rung = nextRung(recordOf(events), ladder)) {
    const made = climb(given(...events), GATE, ladder, rung.dueAt);
    expect(made.length).toBeGreaterThan(0);
    events.push(...made);
    steps.push({ at: rung.dueAt, events: typesOf(made) });
  }
  return steps;
}

describe('a gate that nobody decides', () => {
  test('[V8] walks exactly its ladder: two reminders, one loud call, and then a no', () => {
    expect(walk(asked(), plain)).toEqual([
      { at: after(4), events: ['reminded'] },
      { at: after(24), events: ['reminded'] },
      { at: after(48), events: ['escalated'] },
      { at: after(72), events: ['expired', 'refused'] },
    ]);
  });

  test('[V8] I1 a timer that fires twice, or too early, climbs nothing', () => {
    expect(climb(given(...asked()), GATE, plain, after(3.99))).toEqual([]);
    const once = [...asked(), ...climb(given(...asked()), GATE, plain, after(4))];
    expect(typesOf(once).slice(2)).toEqual(['reminded']);
    expect(climb(given(...once), GATE, plain, after(4))).toEqual([]);
  });

  test('I3 a rung that would come at or after the end is left out', () => {
    expect(walk(asked(), { ...plain, gateLadder: { remindAfterMinutes: [72 * 60, 80 * 60], escalateAfterMinutes: null } })).toEqual([{ at: after(72), events: ['expired', 'refused'] }]);
  });

  test('I2 quiet hours put a reminder off to the morning of the operator, and the end stays', () => {
    // 14:00 UTC is 15:00 in Berlin; the reminder of four hours later falls into the evening.
    const ladder: LadderTerms = { ...plain, quietHours: { from: '14:30', to: '07:00', timeZone: 'Europe/Berlin' }, gateLadder: { remindAfterMinutes: [240], escalateAfterMinutes: null } };
    expect(walk(asked(), ladder)).toEqual([
      { at: '2026-11-25T06:00:00.000Z', events: ['reminded'] },
      { at: after(72), events: ['expired', 'refused'] },
    ]);
  });

  test('[V9] I2 a snooze puts reminders off, is recorded once, and does not move the end', () => {
    const wished = snoozeGate(given(...asked()), 'c1', snooze(after(30)), after(1));
    if (isRejection(wished)) throw new Error(wished.because);
    const history = [...asked(), ...wished];
    expect(snoozeGate(given(...history), 'c1', snooze(after(30)), after(1))).toEqual([]);
    expect(walk(history, plain).map(({ at }) => at)).toEqual([after(30), after(48), after(72)]);
    for (const until of [after(0.5), after(72), after(100)]) expect(snoozeGate(given(...asked()), 'c1', snooze(until), after(1))).toMatchObject({ code: 'gate.snooze-window' });
  });

  test('I4 a decided gate has no rung and cannot be snoozed', () => {
    const decided = [...asked(), ...decideGate(given(...asked()), 'c1', wish(), terms, null, NOW, seal)];
    expect(nextRung(recordOf(decided), plain)).toBeNull();
    expect(climb(given(...decided), GATE, plain, after(100))).toEqual([]);
    expect(snoozeGate(given(...decided), 'c2', snooze(after(5)), after(1))).toMatchObject({ code: 'gate.closed' });
  });

  test('[V8] the ladder never says yes, whatever it is made of', () => {
    const ladder = fc.record({
      gateExpiresAfterHours: fc.constant(72),
      gateLadder: fc.record({ remindAfterMinutes: fc.array(fc.integer({ min: 1, max: 6_000 }), { maxLength: 10 }), escalateAfterMinutes: fc.option(fc.integer({ min: 1, max: 6_000 })) }),
    });
    fc.assert(
      fc.property(ladder, (made) => {
        const steps = walk(asked(), made);
        expect(steps.at(-1)?.events).toEqual(['expired', 'refused']);
        expect(steps.flatMap(({ events }) => events).filter((type) => type === 'authorized' || type === 'decided')).toEqual([]);
        expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted());
      }),
      { numRuns: 300 },
    );
  });
});

describe('quiet hours', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia');
  const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

  test('I1 end at a moment that is not quiet, in every zone, through every change of summer time', () => {
    fc.assert(
      fc.property(zones, clock, clock, fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }), (timeZone, from, to, date) => {
        fc.pre(from !== to);
        const quiet = { from, to, timeZone };
        const end = quietEnds(date.toISOString(), quiet);
        expect(isQuiet(end, quiet)).toBe(false);
        // The only time that is not quiet may lie in the hour that a change of summer time leaves out: then it is the next day's.
        expect(Date.parse(end) - date.getTime()).toBeLessThan(50 * HOUR_MS);
        expect(Date.parse(end)).toBeGreaterThanOrEqual(date.getTime());
      }),
      { numRuns: 1_000 },
    );
  });

  test('whose end a change of summer time leaves out end the day after, and never in between', () => {
    const quiet = { from: '02:40', to: '02:10', timeZone: 'Europe/Berlin' };
    expect(quietEnds('2027-03-28T00:00:00.000Z', quiet)).toBe('2027-03-29T00:10:00.000Z');
    expect(quietEnds('2026-10-24T20:30:30.000Z', { ...quiet, from: '22:00', to: '07:00' })).toBe('2026-10-25T06:00:00.000Z');
  });

  test('the operator sleeps by his own clock, in winter and in summer', () => {
    const quiet = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    expect(quietEnds('2026-12-01T22:30:00.000Z', quiet)).toBe('2026-12-02T06:00:00.000Z');
    expect(quietEnds('2026-07-01T22:30:00.000Z', quiet)).toBe('2026-07-02T05:00:00.000Z');
    expect(quietEnds('2026-07-01T12:00:00.000Z', quiet)).toBe('2026-07-01T12:00:00.000Z');
  });
});
