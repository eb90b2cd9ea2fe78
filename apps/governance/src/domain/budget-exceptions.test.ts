/** What the operator lets one run, and what comes back: neither may loosen a line for anybody else. */
import type { BudgetEvent } from '@soloist/contracts';
import { isRejection, type Rejection } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { COMPANY_DAY, evolveLedger, extendLines, ledgerSnapshot, reserveEnvelope, settleEnvelope } from './budget.js';
import { committedOn } from './budget-room.js';
import { correctBudget } from './correction.js';
import { emptyLedger, type Envelope } from './ledger.js';

const NOW = '2026-11-24T12:00:00.000Z';
const LATER = '2027-03-01T12:00:00.000Z';
const DAY = '2026-11-24';
const RUN_LIFE = 'run/lifetime/money';
const AGENT_DAY = 'agent/*/day/money';

/** A ledger and its whole history. */
class Books {
  readonly history: BudgetEvent[] = [];
  ledger = emptyLedger;

  take(decided: readonly BudgetEvent[] | Rejection): this {
    if (isRejection(decided)) throw new Error(decided.code);
    for (const event of decided) {
      this.history.push(event);
      this.ledger = evolveLedger(this.ledger, event);
    }
    return this;
  }
  limit(line: string, limit: number, mode: 'soft' | 'hard' | 'ask' = 'hard'): this {
    return this.take([{ type: 'governance.budget.limited', data: { line, limit, mode, currency: 'USD', by: 'operator' } }]);
  }
  spend(runId: string, micros: number): this {
    return this.take(reserveEnvelope(this.ledger, envelope(runId, micros), NOW)).take(settleEnvelope(this.ledger, runId, micros));
  }
  correct(runId: string, afterMicros: number): this {
    return this.take(correctBudget(this.history, { runId, afterMicros, by: 'operator', because: 'a bill' }, `c-${runId}-${afterMicros}`));
  }
  used(line: string, name = ''): number {
    return committedOn(this.ledger, { line, period: DAY, name });
  }
}

const envelope = (runId: string, micros: number, agent = 'desk'): Envelope => ({
  ...{ definitionVersion: 'd'.repeat(16), policyVersion: 'e'.repeat(16), feature: null, workflow: null, client: null, bounds: { tokens: null, calls: null, minutes: null } },
  ...{ runId, agent, micros, currency: 'USD' },
});
const codeOf = (decided: readonly BudgetEvent[] | Rejection): string => (isRejection(decided) ? decided.code : 'accepted');

describe('[O4] [G11] an extension of the line of each run', () => {
  const books = (): Books => new Books().limit(COMPANY_DAY, 10_000).limit(RUN_LIFE, 50, 'ask');

  test('lets the run that asked, and no other, however much later', () => {
    const of = books();
    expect(codeOf(reserveEnvelope(of.ledger, envelope('r1', 80), NOW))).toBe('budget.ask');
    of.take(extendLines(of.ledger, envelope('r1', 80), 'operator', NOW));
    expect(of.history.map(({ type }) => type)).toEqual(expect.arrayContaining(['governance.budget.reserved', 'governance.budget.extended']));
    of.take(settleEnvelope(of.ledger, 'r1', 10));
    expect(codeOf(reserveEnvelope(of.ledger, envelope('r2', 80), LATER))).toBe('budget.ask');
    expect(codeOf(reserveEnvelope(of.ledger, envelope('r2', 50), LATER))).toBe('accepted');
  });

  test('that an earlier release counted for all of them counts for none', () => {
    const snapshot = ledgerSnapshot(books().ledger);
    if (snapshot.type !== 'governance.budget.snapshotted') throw new Error('no snapshot');
    const restored = evolveLedger(emptyLedger, { ...snapshot, data: { ...snapshot.data, extra: { [RUN_LIFE]: { ever: { '': 30 } } } } });
    expect(codeOf(reserveEnvelope(restored, envelope('r2', 80), LATER))).toBe('budget.ask');
  });

  test('passes no hard line beside it', () => {
    const of = books().limit('agent/desk/day/money', 60);
    expect(extendLines(of.ledger, envelope('r1', 80), 'operator', NOW)).toEqual([]);
  });
});

describe('[V2] [G11] a correction downwards', () => {
  test('frees nothing on a line that was set after the run had ended, and what it had counted on the others', () => {
    const of = new Books().limit(COMPANY_DAY, 1_000).spend('a', 10).limit('agent/desk/day/money', 10).spend('b', 10);
    expect(codeOf(reserveEnvelope(of.ledger, envelope('c', 10), NOW))).toBe('budget.exhausted');
    of.correct('a', 0);
    expect([of.used('agent/desk/day/money', 'desk'), of.used(COMPANY_DAY)]).toEqual([10, 10]);
    expect(codeOf(reserveEnvelope(of.ledger, envelope('c', 10), NOW))).toBe('budget.exhausted');
  });

  test('frees nothing on a line that was taken away meanwhile and set again', () => {
    const of = new Books().limit(COMPANY_DAY, 1_000).limit('agent/desk/day/money', 100).spend('a', 10);
    of.take([{ type: 'governance.budget.unlimited', data: { line: 'agent/desk/day/money', by: 'operator' } }]).limit('agent/desk/day/money', 10).spend('b', 10).correct('a', 0);
    expect(of.used('agent/desk/day/money', 'desk')).toBe(10);
  });

  test('frees what the line had counted, and one upwards is due on every line', () => {
    const of = new Books().limit(COMPANY_DAY, 1_000).limit('agent/desk/day/money', 100).spend('a', 40).correct('a', 10);
    expect([of.used('agent/desk/day/money', 'desk'), of.used(COMPANY_DAY)]).toEqual([10, 10]);
    of.limit(AGENT_DAY, 500).correct('a', 25);
    expect([of.used('agent/desk/day/money', 'desk'), of.used(AGENT_DAY, 'desk'), of.used(COMPANY_DAY)]).toEqual([25, 15, 25]);
  });
});

test.each(['constructor', 'valueOf', 'to-string', 'hasOwnProperty', '__proto__'])('[G11] an agent called %s is counted like any other', (agent) => {
  const of = new Books().limit(COMPANY_DAY, 1_000).limit(AGENT_DAY, 50);
  of.take(reserveEnvelope(of.ledger, envelope('r1', 40, agent), NOW)).take(settleEnvelope(of.ledger, 'r1', 40));
  expect(of.used(AGENT_DAY, agent)).toBe(40);
  expect(codeOf(reserveEnvelope(of.ledger, envelope('r2', 11, agent), NOW))).toBe('budget.exhausted');
  expect(codeOf(reserveEnvelope(of.ledger, envelope('r2', 10, agent), NOW))).toBe('accepted');
});
