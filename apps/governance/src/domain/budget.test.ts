import type { BudgetEvent } from '@soloist/contracts';
import { isRejection, type Rejection } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { agentDay, COMPANY_DAY, committedMicros, emptyLedger, evolveLedger, ledgerSnapshot, limitBudget, reservationOf, reserveEnvelope, settleEnvelope, type Ledger } from './budget.js';

const NOW = '2026-11-24T23:59:59.900Z';
const DAY = '2026-11-24';

function given(...events: BudgetEvent[]): Ledger {
  return events.reduce(evolveLedger, emptyLedger);
}
function limited(line: string, limitMicros: number): BudgetEvent {
  return { type: 'governance.budget.limited', data: { line, limitMicros, currency: 'USD' } };
}
const PINS = { definitionVersion: 'd'.repeat(16), policyVersion: 'e'.repeat(16) };
function reserved(runId: string, micros: number, agent = 'desk', day = DAY): BudgetEvent {
  return { type: 'governance.budget.reserved', data: { ...PINS, runId, agent, day, micros, currency: 'USD' } };
}
function settled(runId: string, spentMicros: number, releasedMicros: number, day = DAY): BudgetEvent {
  return { type: 'governance.budget.settled', data: { runId, day, spentMicros, releasedMicros } };
}
const envelope = (runId: string, micros: number, agent = 'desk') => ({ ...PINS, runId, agent, micros, currency: 'USD' });

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
    expect(refusal).toMatchObject({ code: 'budget.exhausted', because: expect.stringContaining('SOLOIST_COMPANY_DAY_LIMIT_MICROS') });
  });

  test('[G11] given a limit of the agent, then the agent is held by it and another is not; its own line wins over the line of all', () => {
    const ledger = given(limited(COMPANY_DAY, 1_000), limited('agent-day', 50), limited(agentDay('clerk'), 200), reserved('r1', 50));
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
    expect(reservationOf(ledger, 'r1')).toEqual({ ...PINS, runId: 'r1', agent: 'desk', day: DAY, micros: 100 });
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
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 60));
    expect(settleEnvelope(ledger, 'r1', 15)).toEqual([settled('r1', 15, 45)]);
    const after = evolveLedger(ledger, settled('r1', 15, 45));
    expect([committedMicros(after, DAY), committedMicros(after, DAY, 'desk')]).toEqual([15, 15]);
  });

  test('given no reservation, or one that is settled, then nothing happens', () => {
    expect(settleEnvelope(emptyLedger, 'r1', 5)).toEqual([]);
    expect(settleEnvelope(given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 15, 45)), 'r1', 15)).toEqual([]);
  });

  test('[G11] given a run that reports more than its envelope, then all of it is booked, by name, and what follows sees it', () => {
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 60));
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
    expect(limitBudget(ledger, COMPANY_DAY, 100, 'USD')).toEqual([]);
    expect(limitBudget(ledger, COMPANY_DAY, 120, 'USD')).toEqual([limited(COMPANY_DAY, 120)]);
    expect(codeOf(limitBudget(ledger, COMPANY_DAY, 100, 'EUR'))).toBe('budget.currency');
  });

  test('a snapshot replaces the state by itself', () => {
    const ledger = given(limited(COMPANY_DAY, 100), reserved('r1', 60), settled('r1', 15, 45), reserved('r2', 7, 'clerk'));
    expect(evolveLedger(emptyLedger, ledgerSnapshot(ledger))).toEqual(ledger);
  });
});
