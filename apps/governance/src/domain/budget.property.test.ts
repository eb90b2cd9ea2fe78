import type { BudgetEvent } from '@soloist/contracts';
import { isRejection } from '@soloist/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentDay, COMPANY_DAY, committedMicros, emptyLedger, evolveLedger, ledgerSnapshot, limitBudget, reserveEnvelope, settleEnvelope, type Ledger } from './budget.js';

const AGENTS = ['desk', 'clerk', 'scout'];
/** Each run is pinned to a definition of its own. */
const pinsOf = (run: number) => ({ definitionVersion: String(run).padStart(16, '0'), policyVersion: 'e'.repeat(16) });
const DAYS = ['2026-11-23', '2026-11-24', '2026-11-25', '2027-01-02'];

type Wish =
  | { readonly kind: 'reserve'; readonly run: number; readonly agent: string; readonly micros: number; readonly day: string }
  | { readonly kind: 'settle'; readonly run: number; readonly share: number };

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reserve' as const), run: fc.nat(31), agent: fc.constantFrom(...AGENTS), micros: fc.nat(400), day: fc.constantFrom(...DAYS) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), run: fc.nat(31), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

/**
 * 32 runs that write at the same time: each decides on the ledger as it saw it some commits ago, and when somebody
 * else wrote in between, the log answers with a conflict and it decides again, as the committer does.
 */
function interleave(wishes: readonly (Wish & { readonly stale: number })[], limits: readonly BudgetEvent[]): BudgetEvent[] {
  const log: BudgetEvent[] = [...limits];
  for (const one of wishes) {
    const seenAt = Math.max(limits.length, log.length - one.stale);
    const stale = decide(fold(log.slice(0, seenAt)), one);
    log.push(...(seenAt === log.length ? stale : decide(fold(log), one)));
  }
  return log;
}

function decide(ledger: Ledger, one: Wish): readonly BudgetEvent[] {
  const runId = `r${one.run}`;
  const reserved = ledger.open.find((open) => open.runId === runId)?.micros ?? 0;
  const decision =
    one.kind === 'reserve'
      ? reserveEnvelope(ledger, { ...pinsOf(one.run), runId, agent: one.agent, micros: one.micros, currency: 'USD' }, `${one.day}T10:00:00.000Z`)
      : settleEnvelope(ledger, runId, Math.round(reserved * one.share));
  return isRejection(decision) ? [] : decision;
}

function fold(events: readonly BudgetEvent[], from: Ledger = emptyLedger): Ledger {
  return events.reduce(evolveLedger, from);
}

const limitsOf = (company: number, agent: number): BudgetEvent[] => [
  { type: 'governance.budget.limited', data: { line: COMPANY_DAY, limitMicros: company, currency: 'USD' } },
  { type: 'governance.budget.limited', data: { line: agentDay('desk'), limitMicros: agent, currency: 'USD' } },
];

const schedule = fc.array(fc.tuple(wish, fc.nat(6)).map(([one, stale]) => ({ ...one, stale })), { maxLength: 120 });

test('[G11] Σ open + Σ spent ≤ limit at every prefix, on every line and day, in any interleaving of 32 runs', () => {
  fc.assert(
    fc.property(schedule, fc.nat(1_500), fc.nat(900), (wishes, company, agent) => {
      const log = interleave(wishes, limitsOf(company, agent));
      // Summed here from the bare events, not by the code under test.
      const open = new Map<string, { micros: number; day: string; agent: string }>();
      const sums = new Map<string, number>();
      const add = (day: string, who: string, micros: number): void => {
        for (const line of [day, `${day}/${who}`]) sums.set(line, (sums.get(line) ?? 0) + micros);
      };
      for (const event of log) {
        if (event.type === 'governance.budget.reserved') {
          const { runId, micros, day, agent: who } = event.data;
          expect(open.has(runId)).toBe(false);
          open.set(runId, { micros, day, agent: who });
          add(day, who, micros);
        }
        if (event.type === 'governance.budget.settled') {
          const reservation = open.get(event.data.runId);
          expect(reservation?.micros).toBe(event.data.spentMicros + event.data.releasedMicros);
          expect(reservation?.day).toBe(event.data.day);
          add(event.data.day, reservation?.agent ?? '', -event.data.releasedMicros);
        }
        for (const [line, sum] of sums) {
          if (!line.includes('/')) expect(sum).toBeLessThanOrEqual(company);
          if (line.endsWith('/desk')) expect(sum).toBeLessThanOrEqual(Math.min(agent, company));
          expect(sum).toBeGreaterThanOrEqual(0);
        }
      }
    }),
    { numRuns: 300 },
  );
});

/** A clock that jumps: for some time on one day, then on another, anywhere in forty years; often back to where it was. */
const jumpingClock = fc.array(fc.tuple(fc.oneof({ weight: 2, arbitrary: fc.nat(15_000) }, { weight: 3, arbitrary: fc.nat(12) }), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 1_200, size: 'max' });

test('[G11] [G20] whatever the clock says, no day passes its limit, and a day that was never opened is never closed', () => {
  fc.assert(
    fc.property(jumpingClock, fc.nat(400), (jumps, limit) => {
      let ledger = fold(limitsOf(limit, limit));
      const committed = new Map<string, number>();
      let run = 0;
      for (const [jump, times] of jumps) {
        const day = new Date(Date.UTC(2010, 0, 1 + jump)).toISOString().slice(0, 10);
        for (let time = 0; time < times; time += 1) {
          run += 1;
          const asked = { ...pinsOf(run), runId: `r${run}`, agent: AGENTS[run % 3] ?? 'desk', micros: run % 90, currency: 'USD' };
          const reserving = reserveEnvelope(ledger, asked, `${day}T10:00:00.000Z`);
          const isFirst = !committed.has(day);
          if (isRejection(reserving)) expect([isFirst, reserving.code]).toEqual(isFirst ? [true, asked.micros > limit ? 'budget.exhausted' : 'accepted'] : [false, expect.stringMatching(/^budget\.(exhausted|day-closed)$/)]);
          for (const event of isRejection(reserving) ? [] : [...reserving, ...settleEnvelope(fold(reserving, ledger), asked.runId, run % 2 === 0 ? asked.micros : 1 % (asked.micros + 1))]) {
            ledger = evolveLedger(ledger, event);
            if (event.type === 'governance.budget.reserved') committed.set(day, (committed.get(day) ?? 0) + event.data.micros);
            if (event.type === 'governance.budget.settled') committed.set(day, (committed.get(day) ?? 0) - event.data.releasedMicros);
            expect(committed.get(day)).toBeLessThanOrEqual(limit);
          }
        }
      }
      // Once the clock is right, on a day that it had not yet come to, the company works again.
      const fresh = reserveEnvelope(ledger, { ...pinsOf(0), runId: 'last', agent: 'desk', micros: limit, currency: 'USD' }, '2099-01-01T00:00:00.000Z');
      expect(isRejection(fresh)).toBe(false);
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

test('[G11] a limit that moves holds from its commit on: no reservation is made that it does not cover', () => {
  const move = fc.record({ kind: fc.constant('limit' as const), micros: fc.nat(1_500) });
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: wish }, { weight: 1, arbitrary: move }), { maxLength: 100 }), (steps) => {
      let ledger = fold(limitsOf(1_000, 1_000));
      for (const step of steps) {
        const decision = step.kind === 'limit' ? limitBudget(ledger, COMPANY_DAY, step.micros, 'USD') : decide(ledger, step);
        for (const event of isRejection(decision) ? [] : decision) {
          ledger = evolveLedger(ledger, event);
          if (event.type === 'governance.budget.reserved') expect(committedMicros(ledger, event.data.day)).toBeLessThanOrEqual(ledger.limits[COMPANY_DAY] ?? 0);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('snapshot and tail give the state of the whole history, wherever the snapshot stands', () => {
  fc.assert(
    fc.property(schedule, fc.nat(120), (wishes, at) => {
      const log = interleave(wishes, limitsOf(1_000, 1_000));
      const cut = Math.min(at, log.length);
      const snapshot = ledgerSnapshot(fold(log.slice(0, cut)));
      if (cut > 0) expect(fold([snapshot, ...log.slice(cut)])).toEqual(fold(log));
    }),
    { numRuns: 200 },
  );
});

test('a snapshot stays far below the size of a commit, whatever has happened', () => {
  let ledger = fold([{ type: 'governance.budget.limited', data: { line: COMPANY_DAY, limitMicros: 1_000_000_000, currency: 'USD' } }]);
  const reserve = (run: number, day: string): void => {
    const decision = reserveEnvelope(ledger, { ...pinsOf(run), runId: String(run).padStart(32, '0'), agent: `agent-${run % 100}`.padEnd(48, 'x'), micros: 1, currency: 'USD' }, `${day}T10:00:00.000Z`);
    for (const event of isRejection(decision) ? [] : decision) ledger = evolveLedger(ledger, event);
  };
  // Five years of working days, each run with a definition of its own, and a tenth of the runs never settled.
  for (let run = 0; run < 10_000; run += 1) {
    const week = Math.floor(run / 40);
    reserve(run, new Date(Date.UTC(2026, 0, 5 + week * 7 + (Math.floor(run / 8) % 5))).toISOString().slice(0, 10));
    if (run % 10 > 0) for (const event of settleEnvelope(ledger, String(run).padStart(32, '0'), 123_456_789)) ledger = evolveLedger(ledger, event);
  }
  expect([ledger.open.length, ledger.books.length]).toEqual([1_000, 400]);
  expect(JSON.stringify(ledgerSnapshot(ledger)).length).toBeLessThan(256 * 1024);
});
