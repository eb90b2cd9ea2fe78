import type { BudgetEvent } from '@soloist/contracts';
import { isRejection, type Rejection } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { COMPANY_DAY, evolveLedger, extendLines, ledgerSnapshot, limitBudget, reservationOf, reserveEnvelope, settleEnvelope, unlimitBudget } from './budget.js';
import { committedOn } from './budget-room.js';
import { emptyLedger, type Envelope, type Ledger } from './ledger.js';

const NOW = '2026-11-24T23:59:59.900Z';
const DAY = '2026-11-24';

function given(...events: BudgetEvent[]): Ledger {
  return events.reduce(evolveLedger, emptyLedger);
}
function limited(line: string, limit: number, mode: 'soft' | 'hard' | 'ask' = 'hard'): BudgetEvent {
  return { type: 'governance.budget.limited', data: { line, limit, mode, currency: 'USD', by: 'operator' } };
}
const agentDay = (agent: string): string => `agent/${agent}/day/money`;
const committedMicros = (ledger: Ledger, day: string, agent?: string): number =>
  committedOn(ledger, agent === undefined ? { line: COMPANY_DAY, period: day, name: '' } : { line: 'agent/*/day/money', period: day, name: agent });
const TAGS = { feature: null, workflow: null, client: null, bounds: { tokens: null, calls: null, minutes: null } };
const USED = { tokens: 0, calls: 0, minutes: 0 };
const PINS = { definitionVersion: 'd'.repeat(16), policyVersion: 'e'.repeat(16) };
function reserved(runId: string, micros: number, agent = 'desk', day = DAY): BudgetEvent {
  return { type: 'governance.budget.reserved', data: { ...PINS, ...TAGS, runId, agent, day, micros, currency: 'USD' } };
}
function settled(runId: string, spentMicros: number, releasedMicros: number, day = DAY): BudgetEvent {
  return { type: 'governance.budget.settled', data: { runId, day, spentMicros, releasedMicros, usage: USED } };
}
const envelope = (runId: string, micros: number, agent = 'desk') => ({ ...PINS, ...TAGS, runId, agent, micros, currency: 'USD' });

function codeOf(decision: readonly BudgetEvent[] | Rejection): string {
  return isRejection(decision) ? decision.code : 'accepted';
}

describe('reserving an envelope', () => {
  test('[G11] given room on every line, when a run asks, then its whole envelope is reserved on the UTC day of the decision', () => {
    expect(reserveEnvelope(given(limited(COMPANY_DAY, 100)), envelope('r1', 100), NOW)).toEqual([reserved('r1', 100)]);
  });

  test('[G11] given a limit that is reached exactly by open and spent, when one micro more is asked, then it is refused with what to do', () => {
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 40, 20), reserved('r2', 60));
    expect(codeOf(reserveEnvelope(ledger, envelope('r3', 0), NOW))).toBe('accepted');
    const refusal = reserveEnvelope(ledger, envelope('r3', 1), NOW);
    expect(refusal).toMatchObject({ code: 'budget.exhausted', because: expect.stringContaining('./soloist budget set company/day/money') });
  });

  test('[G11] given a limit of the agent, then the agent is held by it and another is not; its own line wins over the line of all', () => {
    const ledger = given(limited(COMPANY_DAY, 1_000), limited('agent/*/day/money', 50), limited(agentDay('clerk'), 200), reserved('r1', 50));
    expect(codeOf(reserveEnvelope(ledger, envelope('r2', 1), NOW))).toBe('budget.exhausted');
    expect(codeOf(reserveEnvelope(ledger, envelope('r2', 200, 'clerk'), NOW))).toBe('accepted');
    expect(codeOf(reserveEnvelope(ledger, envelope('r2', 201, 'clerk'), NOW))).toBe('budget.exhausted');
  });

  test('given another day, then the limit counts anew', () => {
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 100));
    expect(codeOf(reserveEnvelope(ledger, envelope('r2', 100), '2026-11-25T00:00:00.000Z'))).toBe('accepted');
  });

  test('given no limit, or another currency, then nothing is reserved', () => {
    expect(codeOf(reserveEnvelope(emptyLedger, envelope('r1', 1), NOW))).toBe('budget.no-limit');
    const ledger = given(limited(COMPANY_DAY, 100));
    expect(codeOf(reserveEnvelope(ledger, { ...envelope('r1', 1), currency: 'EUR' }, NOW))).toBe('budget.currency');
  });

  test('[G11] given an open reservation, when other versions and another amount are asked for, then it stays as it was made', () => {
    const ledger = given(limited(COMPANY_DAY, 150), reserved('r1', 100));
    expect(reserveEnvelope(ledger, { ...envelope('r1', 100_000), definitionVersion: 'f'.repeat(16) }, NOW)).toEqual([]);
    expect(reservationOf(ledger, 'r1')).toEqual({ ...PINS, ...TAGS, runId: 'r1', agent: 'desk', day: DAY, micros: 100 });
    expect(reservationOf(given(limited(COMPANY_DAY, 150), reserved('r1', 100), settled('r1', 1, 99)), 'r1')).toBeNull();
  });

  test('[G20] given a reservation dated 2040, when the clock is right again, then the books of today go on where they were', () => {
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 40, 20), reserved('r2', 10, 'desk', '2040-01-01'), settled('r2', 10, 0, '2040-01-01'));
    expect(codeOf(reserveEnvelope(ledger, envelope('r3', 61), NOW))).toBe('budget.exhausted');
    expect(reserveEnvelope(ledger, envelope('r3', 60), NOW)).toEqual([reserved('r3', 60)]);
    expect(codeOf(reserveEnvelope(ledger, envelope('r3', 100), '2026-11-25T00:00:00.000Z'))).toBe('accepted');
  });

  test('given a run that holds or has settled its reservation, when it is asked again, then nothing happens', () => {
    expect(reserveEnvelope(given(limited(COMPANY_DAY, 100), reserved('r1', 60)), envelope('r1', 60), NOW)).toEqual([]);
    expect(reserveEnvelope(given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 1, 59)), envelope('r1', 60), NOW)).toEqual([]);
  });
});

describe('settling', () => {
  test('given a reservation, when its run ends, then what it spent is booked on the day it was reserved and the rest is free', () => {
    const ledger = given(limited(COMPANY_DAY, 100), limited('agent/*/day/money', 100), reserved('r1', 60));
    expect(settleEnvelope(ledger, 'r1', 15)).toEqual([settled('r1', 15, 45)]);
    const after = evolveLedger(ledger, settled('r1', 15, 45));
    expect([committedMicros(after, DAY), committedMicros(after, DAY, 'desk')]).toEqual([15, 15]);
  });

  test('given no reservation, or one that is settled, then nothing happens', () => {
    expect(settleEnvelope(emptyLedger, 'r1', 5)).toEqual([]);
    expect(settleEnvelope(given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 15, 45)), 'r1', 15)).toEqual([]);
  });

  test('[G11] given a run that reports more than its envelope, then all of it is booked, by name, and what follows sees it', () => {
    const ledger = given(limited(COMPANY_DAY, 100), limited('agent/*/day/money', 100), reserved('r1', 60));
    const events = settleEnvelope(ledger, 'r1', 130);
    expect(events).toEqual([{ type: 'governance.budget.overspent', data: { runId: 'r1', day: DAY, envelopeMicros: 60, spentMicros: 130 } }, settled('r1', 130, 0)]);
    const after = events.reduce(evolveLedger, ledger);
    expect([after.open, committedMicros(after, DAY), committedMicros(after, DAY, 'desk')]).toEqual([[], 130, 130]);
    expect(codeOf(reserveEnvelope(after, envelope('r2', 1), NOW))).toBe('budget.exhausted');
  });
});

describe('limits and snapshots', () => {
  test('a limit that is in force already is not set again; one in another currency is refused', () => {
    const ledger = given(limited(COMPANY_DAY, 100));
    const wanted = (limit: number) => ({ limit, mode: 'hard' as const, by: 'operator' });
    expect(limitBudget(ledger, COMPANY_DAY, wanted(100), 'USD')).toEqual([]);
    expect(limitBudget(ledger, COMPANY_DAY, wanted(120), 'USD')).toEqual([limited(COMPANY_DAY, 120)]);
    expect(codeOf(limitBudget(ledger, COMPANY_DAY, wanted(100), 'EUR'))).toBe('budget.currency');
  });

  test('a snapshot replaces the state by itself', () => {
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 15, 45), reserved('r2', 7, 'clerk'));
    expect(evolveLedger(emptyLedger, ledgerSnapshot(ledger))).toEqual(ledger);
  });
});

describe('lines, periods, measures and modes', () => {
  const LINES: readonly [line: string, other: Partial<Envelope>][] = [
    ['company/month/money', {}],
    ['company/lifetime/money', {}],
    ['agent/desk/month/money', { agent: 'clerk' }],
    ['feature/*/day/money', { feature: 'quotes' }],
    ['workflow/intake/lifetime/money', { workflow: 'quotes' }],
    ['client/*/month/money', { client: 'jane' }],
  ];

  test.each(LINES)('[G11] [O4] [B8] %s holds what it names and nobody else', (line, other) => {
    const tagged: Envelope = { ...envelope('r1', 60), feature: 'answers', workflow: 'intake', client: 'john' };
    let ledger = given(limited(COMPANY_DAY, 1_000), limited(line, 100));
    for (const event of reserveEnvelope(ledger, tagged, NOW) as BudgetEvent[]) ledger = evolveLedger(ledger, event);
    expect(codeOf(reserveEnvelope(ledger, { ...tagged, runId: 'r2', micros: 41 }, NOW))).toBe('budget.exhausted');
    expect(codeOf(reserveEnvelope(ledger, { ...tagged, runId: 'r2', micros: 40 }, NOW))).toBe('accepted');
    expect(codeOf(reserveEnvelope(ledger, { ...tagged, runId: 'r2', micros: 41, ...other }, NOW))).toBe(Object.keys(other).length === 0 ? 'budget.exhausted' : 'accepted');
    const settledLedger = settleEnvelope(ledger, 'r1', 50).reduce(evolveLedger, ledger);
    expect(codeOf(reserveEnvelope(settledLedger, { ...tagged, runId: 'r2', micros: 50 }, NOW))).toBe('accepted');
    expect(codeOf(reserveEnvelope(settledLedger, { ...tagged, runId: 'r2', micros: 51 }, NOW))).toBe('budget.exhausted');
    const nextMonth = codeOf(reserveEnvelope(settledLedger, { ...tagged, runId: 'r2', micros: 100 }, '2026-12-01T00:00:00.000Z'));
    expect(nextMonth).toBe(line.includes('lifetime') ? 'budget.exhausted' : 'accepted');
  });

  test('[O4] a line in tokens, calls or minutes holds by what the definition bounds, is settled by what was used, and refuses what nobody bounds', () => {
    for (const measure of ['tokens', 'calls', 'minutes'] as const) {
      const ledger = given(limited(COMPANY_DAY, 1_000), limited(`agent/desk/day/${measure}`, 100));
      const bounded = (runId: string, most: number): Envelope => ({ ...envelope(runId, 1), bounds: { ...TAGS.bounds, [measure]: most } });
      expect(codeOf(reserveEnvelope(ledger, envelope('r1', 1), NOW))).toBe('budget.unbounded');
      const after = (reserveEnvelope(ledger, bounded('r1', 80), NOW) as BudgetEvent[]).reduce(evolveLedger, ledger);
      expect(codeOf(reserveEnvelope(after, bounded('r2', 21), NOW))).toBe('budget.exhausted');
      const settledLedger = settleEnvelope(after, 'r1', 1, { ...USED, [measure]: 30 }).reduce(evolveLedger, after);
      expect([codeOf(reserveEnvelope(settledLedger, bounded('r2', 70), NOW)), codeOf(reserveEnvelope(settledLedger, bounded('r2', 71), NOW))]).toEqual(['accepted', 'budget.exhausted']);
    }
  });

  test('[O4] a run line holds each run by itself', () => {
    const ledger = given(limited(COMPANY_DAY, 1_000), limited('run/lifetime/money', 50), reserved('r1', 50), settled('r1', 50, 0));
    expect([codeOf(reserveEnvelope(ledger, envelope('r2', 50), NOW)), codeOf(reserveEnvelope(ledger, envelope('r2', 51), NOW))]).toEqual(['accepted', 'budget.exhausted']);
  });

  test('[O4] a soft line lets through what passes it, and says so in the same commit', () => {
    const ledger = given(limited(COMPANY_DAY, 1_000), limited('agent/desk/day/money', 50, 'soft'), reserved('r1', 40));
    expect(reserveEnvelope(ledger, envelope('r2', 10), NOW)).toHaveLength(1);
    expect(reserveEnvelope(ledger, envelope('r2', 11), NOW)).toEqual([
      reserved('r2', 11),
      { type: 'governance.budget.warned', data: { runId: 'r2', line: 'agent/desk/day/money', period: DAY, name: 'desk', limit: 50, committed: 51 } },
    ]);
  });

  test('[O4] a line that asks reserves nothing until the operator extends it, and then by exactly what is missing, for that period', () => {
    const ledger = given(limited(COMPANY_DAY, 1_000), limited('agent/desk/day/money', 50, 'ask'), reserved('r1', 40));
    expect(codeOf(reserveEnvelope(ledger, envelope('r2', 30), NOW))).toBe('budget.ask');
    const events = extendLines(ledger, envelope('r2', 30), 'operator', NOW);
    expect(events).toEqual([reserved('r2', 30), { type: 'governance.budget.extended', data: { line: 'agent/desk/day/money', period: DAY, name: 'desk', amount: 20, runId: 'r2', by: 'operator' } }]);
    const after = events.reduce(evolveLedger, ledger);
    expect([codeOf(reserveEnvelope(after, envelope('r3', 1), NOW)), codeOf(reserveEnvelope(after, envelope('r3', 50), '2026-11-25T08:00:00.000Z'))]).toEqual(['budget.ask', 'accepted']);
    expect(evolveLedger(emptyLedger, ledgerSnapshot(after))).toEqual(after);
  });

  test('[O4] a hard line refuses although another would only ask; an extension never passes it', () => {
    const ledger = given(limited(COMPANY_DAY, 60), limited('agent/desk/day/money', 50, 'ask'), reserved('r1', 40));
    expect(codeOf(reserveEnvelope(ledger, envelope('r2', 30), NOW))).toBe('budget.exhausted');
    expect(extendLines(ledger, envelope('r2', 30), 'operator', NOW)).toEqual([]);
  });

  test('a line that is taken away holds nobody; the company\'s day is not taken away', () => {
    const ledger = given(limited(COMPANY_DAY, 100), limited('agent/desk/day/money', 10), reserved('r1', 10), settled('r1', 10, 0));
    const after = (unlimitBudget(ledger, 'agent/desk/day/money', 'operator') as BudgetEvent[]).reduce(evolveLedger, ledger);
    expect([codeOf(reserveEnvelope(after, envelope('r2', 90), NOW)), Object.keys(after.used)]).toEqual(['accepted', [COMPANY_DAY]]);
    expect(codeOf(unlimitBudget(ledger, COMPANY_DAY, 'operator'))).toBe('budget.no-limit');
  });

  test('[V2] a correction books the difference on every money line of the run, as of its day', () => {
    const ledger = given(limited(COMPANY_DAY, 100), limited('client/*/lifetime/money', 100), reserved('r1', 60), settled('r1', 40, 20));
    const corrected = (beforeMicros: number, afterMicros: number): BudgetEvent => ({
      type: 'governance.budget.corrected',
      data: { correctionId: 'c1', runId: 'r1', agent: 'desk', feature: null, workflow: null, client: 'john', day: DAY, beforeMicros, afterMicros, by: 'operator', because: 'invoice' },
    });
    const more = evolveLedger(ledger, corrected(40, 55));
    expect([committedMicros(more, DAY), committedOn(more, { line: 'client/*/lifetime/money', period: 'ever', name: 'john' })]).toEqual([55, 15]);
    expect(committedMicros(evolveLedger(more, corrected(55, 10)), DAY)).toBe(10);
  });
});
