/**
 * Budgets in any interleaving. A share of the interleavings runs with every test; SOLOIST_INTERLEAVINGS=100000 runs as
 * many as it says, and prints what it has seen.
 */
import type { BudgetEvent } from '@soloist/contracts';
import { isRejection } from '@soloist/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMPANY_DAY, evolveLedger, extendLines, ledgerSnapshot, limitBudget, reserveEnvelope, settleEnvelope } from './budget.js';
import { committedOn } from './budget-room.js';
import { emptyLedger, type Envelope, type Ledger } from './ledger.js';

const INTERLEAVINGS = Number(process.env['SOLOIST_INTERLEAVINGS'] ?? 2_000);
const AGENTS = ['desk', 'clerk', 'scout'];
const DAYS = ['2026-11-24', '2026-11-25', '2026-12-01'];
/** Each run is pinned to a definition of its own. */
const pinsOf = (run: number) => ({ definitionVersion: String(run).padStart(16, '0'), policyVersion: 'e'.repeat(16) });
/** A run's tags and bounds follow from its number. */
const envelopeOf = (run: number, agent: string, micros: number): Envelope => ({
  ...pinsOf(run),
  ...{ runId: `r${run}`, agent, micros, currency: 'USD' },
  feature: run % 2 === 0 ? 'quotes' : null,
  workflow: run % 3 === 0 ? 'intake' : null,
  client: `client-${run % 4}`,
  bounds: { tokens: run * 10, calls: 1 + (run % 5), minutes: 1 + (run % 3) },
});

type Wish =
  | { readonly kind: 'reserve' | 'extend'; readonly run: number; readonly agent: string; readonly micros: number; readonly day: string }
  | { readonly kind: 'settle'; readonly run: number; readonly share: number };

const reserving = { run: fc.nat(31), agent: fc.constantFrom(...AGENTS), micros: fc.nat(400), day: fc.constantFrom(...DAYS) };
const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('reserve' as const), ...reserving }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('extend' as const), ...reserving }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), run: fc.nat(31), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

/**
 * 32 runs that write at the same time: each decides on the ledger as it saw it some commits ago, and when somebody
 * else wrote in between, the log answers with a conflict and it decides again, as the committer does. A writer that
 * dies after its commit, or before it, is a wish that is not followed by its settlement, or is made again.
 */
function interleave(wishes: readonly (Wish & { readonly stale: number })[], limits: readonly BudgetEvent[]): BudgetEvent[] {
  const log: BudgetEvent[] = [...limits];
  const states: Ledger[] = [fold(limits)];
  const push = (events: readonly BudgetEvent[]): void => {
    for (const event of events) log.push(event);
    if (events.length > 0) states.push(fold(events, states.at(-1)));
  };
  for (const one of wishes) {
    const seen = states[Math.max(0, states.length - 1 - one.stale)] ?? emptyLedger;
    const now = states.at(-1) ?? emptyLedger;
    push(seen === now ? decide(now, one) : (decide(seen, one), decide(now, one)));
  }
  return log;
}

function decide(ledger: Ledger, one: Wish): readonly BudgetEvent[] {
  const runId = `r${one.run}`;
  if (one.kind === 'settle') {
    const open = ledger.open.find((found) => found.runId === runId);
    const part = (most: number | null | undefined): number => Math.round((most ?? 0) * one.share);
    return settleEnvelope(ledger, runId, part(open?.micros), { tokens: part(open?.bounds.tokens), calls: part(open?.bounds.calls), minutes: part(open?.bounds.minutes) });
  }
  const envelope = envelopeOf(one.run, one.agent, one.micros);
  const at = `${one.day}T10:00:00.000Z`;
  const decision = one.kind === 'reserve' ? reserveEnvelope(ledger, envelope, at) : extendLines(ledger, envelope, 'operator', at);
  return isRejection(decision) ? [] : decision;
}

function fold(events: readonly BudgetEvent[], from: Ledger = emptyLedger): Ledger {
  return events.reduce(evolveLedger, from);
}

const limitOn = (line: string, limit: number, mode: 'hard' | 'ask' | 'soft' = 'hard'): BudgetEvent => ({ type: 'governance.budget.limited', data: { line, limit, mode, currency: 'USD', by: 'test' } });
const limitsOf = (company: number, agent: number): BudgetEvent[] => [limitOn(COMPANY_DAY, company), limitOn('agent/desk/day/money', agent)];

type Reserved = Extract<BudgetEvent, { type: 'governance.budget.reserved' }>['data'];

/** What a line sees, told again without the code under test. */
const LINES: readonly { readonly line: string; readonly mode: 'hard' | 'ask'; readonly key: (of: Reserved) => string | null; readonly amount: (of: Reserved) => number }[] = [
  { line: COMPANY_DAY, mode: 'hard', key: ({ day }) => day, amount: ({ micros }) => micros },
  { line: 'company/month/tokens', mode: 'hard', key: ({ day }) => day.slice(0, 7), amount: ({ bounds }) => bounds.tokens ?? 0 },
  { line: 'agent/desk/lifetime/money', mode: 'hard', key: ({ agent }) => (agent === 'desk' ? 'all' : null), amount: ({ micros }) => micros },
  { line: 'client/*/month/calls', mode: 'hard', key: ({ client, day }) => `${String(client)} ${day.slice(0, 7)}`, amount: ({ bounds }) => bounds.calls ?? 0 },
  { line: 'feature/quotes/day/minutes', mode: 'hard', key: ({ feature, day }) => (feature === null ? null : day), amount: ({ bounds }) => bounds.minutes ?? 0 },
  { line: 'workflow/*/lifetime/money', mode: 'ask', key: ({ workflow }) => workflow, amount: ({ micros }) => micros },
];

const schedule = fc.array(fc.tuple(wish, fc.nat(6)).map(([one, stale]) => ({ ...one, stale })), { maxLength: 60, size: 'max' });
const limits = fc.tuple(fc.nat(1_500), fc.nat(1_200), fc.nat(900), fc.nat(12), fc.nat(8), fc.nat(600));

test(`[G11] [O4] Σ open + Σ used ≤ limit at every prefix, on every line, period and measure, in any interleaving of 32 runs`, () => {
  const seen = { interleavings: 0, prefixes: 0, reserved: 0, settled: 0, extended: 0 };
  fc.assert(
    fc.property(schedule, limits, (wishes, amounts) => {
      const lines = LINES.map((one, index) => ({ ...one, limit: amounts[index] ?? 0 }));
      const log = interleave(wishes, lines.map(({ line, limit, mode }) => limitOn(line, limit, mode)));
      seen.interleavings += 1;
      checkPrefixes(log, lines, seen);
    }),
    { numRuns: INTERLEAVINGS, endOnFailure: INTERLEAVINGS > 10_000 },
  );
  if (process.env['SOLOIST_INTERLEAVINGS'] !== undefined) process.stdout.write(`${JSON.stringify(seen)}\n`);
  // Otherwise nothing was tried.
  expect(Math.min(seen.reserved, seen.settled, seen.extended)).toBeGreaterThan(seen.interleavings / 20);
}, 3_600_000);

type Line = (typeof LINES)[number] & { readonly limit: number };

function checkPrefixes(log: readonly BudgetEvent[], lines: readonly Line[], seen: { prefixes: number; reserved: number; settled: number; extended: number }): void {
  const open = new Map<string, Reserved>();
  const sums = lines.map(() => new Map<string, number>());
  const allowed = lines.map(() => new Map<string, number>());
  const change = (of: Reserved, by: (line: Line) => number): void =>
    lines.forEach((line, index) => {
      const key = line.key(of);
      if (key !== null) sums[index]?.set(key, (sums[index]?.get(key) ?? 0) + by(line));
    });
  for (const [index, event] of log.entries()) {
    seen.prefixes += 1;
    if (event.type === 'governance.budget.reserved') {
      if (open.has(event.data.runId)) throw new Error(`${event.data.runId} was reserved twice`);
      seen.reserved += 1;
      open.set(event.data.runId, event.data);
      change(event.data, (line) => line.amount(event.data));
    } else if (event.type === 'governance.budget.settled') {
      const reserved = open.get(event.data.runId);
      if (reserved === undefined || reserved.micros !== event.data.spentMicros + event.data.releasedMicros || reserved.day !== event.data.day) throw new Error(`${event.data.runId} was settled otherwise than reserved`);
      seen.settled += 1;
      const { usage, spentMicros } = event.data;
      const used: Reserved = { ...reserved, micros: spentMicros, bounds: usage };
      change(reserved, (line) => line.amount(used) - line.amount(reserved));
    } else if (event.type === 'governance.budget.extended') {
      seen.extended += 1;
      const { line, name, amount } = event.data;
      const at = lines.findIndex((one) => one.line === line);
      allowed[at]?.set(name, (allowed[at]?.get(name) ?? 0) + amount);
    }
    // What one commit says together holds together: an extension stands behind its reservation.
    if (log[index + 1]?.type === 'governance.budget.extended') continue;
    lines.forEach((line, at) => {
      for (const [key, sum] of sums[at] ?? []) {
        const most = line.limit + (allowed[at]?.get(key) ?? 0);
        if (sum > most || sum < 0) throw new Error(`${line.line} ${key}: ${sum} of ${most} at ${index}`);
      }
    });
  }
}

/** A clock that jumps: for some time on one day, then on another, anywhere in forty years; often back to where it was. */
const jumpingClock = fc.array(fc.tuple(fc.oneof({ weight: 2, arbitrary: fc.nat(15_000) }, { weight: 3, arbitrary: fc.nat(12) }), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 1_200, size: 'max' });

test('[G11] [G20] whatever the clock says, no day passes its limit, and a day that was never opened is never closed', () => {
  fc.assert(
    fc.property(jumpingClock, fc.nat(400), (jumps, limit) => {
      let ledger = fold([limitOn(COMPANY_DAY, limit)]);
      const committed = new Map<string, number>();
      let run = 0;
      for (const [jump, times] of jumps) {
        const day = new Date(Date.UTC(2010, 0, 1 + jump)).toISOString().slice(0, 10);
        for (let time = 0; time < times; time += 1) {
          run += 1;
          const asked = envelopeOf(run, AGENTS[run % 3] ?? 'desk', run % 90);
          const decided = reserveEnvelope(ledger, asked, `${day}T10:00:00.000Z`);
          const isFirst = !committed.has(day);
          if (isRejection(decided)) expect([isFirst, decided.code]).toEqual(isFirst ? [true, asked.micros > limit ? 'budget.exhausted' : 'accepted'] : [false, expect.stringMatching(/^budget\.(exhausted|day-closed)$/)]);
          for (const event of isRejection(decided) ? [] : [...decided, ...settleEnvelope(fold(decided, ledger), asked.runId, run % 2 === 0 ? asked.micros : 1 % (asked.micros + 1))]) {
            ledger = evolveLedger(ledger, event);
            if (event.type === 'governance.budget.reserved') committed.set(day, (committed.get(day) ?? 0) + event.data.micros);
            if (event.type === 'governance.budget.settled') committed.set(day, (committed.get(day) ?? 0) - event.data.releasedMicros);
            expect(committed.get(day)).toBeLessThanOrEqual(limit);
          }
        }
      }
      // Once the clock is right, on a day that it had not yet come to, the company works again.
      const fresh = reserveEnvelope(ledger, envelopeOf(0, 'desk', limit), '2099-01-01T00:00:00.000Z');
      expect(isRejection(fresh)).toBe(false);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test('[G11] [G20] whatever the clock says, no name passes its limit of a day or a month: what is forgotten takes nothing', () => {
  const NAMED = ['agent/*/day/money', 'client/*/month/money'] as const;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1_500), fc.nat(40)), { minLength: 20, maxLength: 400, size: 'max' }), fc.integer({ min: 40, max: 120 }), (jumps, limit) => {
      let ledger = fold([limitOn(COMPANY_DAY, 1_000_000), ...NAMED.map((line) => limitOn(line, limit))]);
      const used = new Map<string, number>();
      for (const [run, [jump, micros]] of jumps.entries()) {
        const day = new Date(Date.UTC(2026, 0, 1 + (jump % 3 === 0 ? jump : jump % 20))).toISOString().slice(0, 10);
        const asked = envelopeOf(run, AGENTS[run % 3] ?? 'desk', micros);
        const decided = reserveEnvelope(ledger, asked, `${day}T10:00:00.000Z`);
        if (isRejection(decided)) continue;
        ledger = fold([...decided, ...settleEnvelope(fold(decided, ledger), asked.runId, micros)], ledger);
        for (const key of [`${asked.agent} ${day}`, `${String(asked.client)} ${day.slice(0, 7)}`]) {
          used.set(key, (used.get(key) ?? 0) + micros);
          expect(used.get(key), key).toBeLessThanOrEqual(limit);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('[G11] a limit that moves holds from its commit on: no reservation is made that it does not cover', () => {
  const move = fc.record({ kind: fc.constant('limit' as const), micros: fc.nat(1_500) });
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: wish }, { weight: 1, arbitrary: move }), { maxLength: 100 }), (steps) => {
      let ledger = fold(limitsOf(1_000, 1_000));
      for (const step of steps) {
        const decision = step.kind === 'limit' ? limitBudget(ledger, COMPANY_DAY, { limit: step.micros, mode: 'hard', by: 'test' }, 'USD') : decide(ledger, step);
        for (const event of isRejection(decision) ? [] : decision) {
          ledger = evolveLedger(ledger, event);
          if (event.type === 'governance.budget.reserved') expect(committedOn(ledger, { line: COMPANY_DAY, period: event.data.day, name: '' })).toBeLessThanOrEqual(ledger.limits[COMPANY_DAY]?.limit ?? 0);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('snapshot and tail give the state of the whole history, wherever the snapshot stands', () => {
  fc.assert(
    fc.property(schedule, fc.nat(120), (wishes, at) => {
      const log = interleave(wishes, LINES.map(({ line, mode }) => limitOn(line, 1_000, mode)));
      const cut = Math.min(at, log.length);
      const snapshot = ledgerSnapshot(fold(log.slice(0, cut)));
      if (cut > 0) expect(fold([snapshot, ...log.slice(cut)])).toEqual(fold(log));
    }),
    { numRuns: 200 },
  );
});

test('a snapshot stays below the size of a commit, whatever has happened', () => {
  const lines = ['company/day/tokens', 'company/day/calls', 'company/day/minutes', 'agent/*/day/money', 'client/*/month/money'];
  let ledger = fold([COMPANY_DAY, ...lines].map((line) => limitOn(line, 1_000_000_000)));
  const reserve = (run: number, day: string): void => {
    const id = String(run).padStart(32, '0');
    const asked: Envelope = { ...pinsOf(run), runId: id, agent: `agent-${run % 100}`.padEnd(48, 'x'), feature: 'f'.repeat(40), workflow: null, client: String(run % 40).padStart(32, '0'), micros: 1, bounds: { tokens: 1, calls: 1, minutes: 1 }, currency: 'USD' };
    const decision = reserveEnvelope(ledger, asked, `${day}T10:00:00.000Z`);
    for (const event of isRejection(decision) ? [] : decision) ledger = evolveLedger(ledger, event);
  };
  // Years of working days, each run with a definition of its own, and a tenth of the runs never settled.
  for (let run = 0; run < 6_000; run += 1) {
    const week = Math.floor(run / 40);
    reserve(run, new Date(Date.UTC(2026, 0, 5 + week * 7 + (Math.floor(run / 8) % 5))).toISOString().slice(0, 10));
    if (run % 10 > 0) for (const event of settleEnvelope(ledger, String(run).padStart(32, '0'), 123_456, { tokens: 10_000, calls: 9, minutes: 3 })) ledger = evolveLedger(ledger, event);
  }
  expect([ledger.open.length, ledger.opened.day.length]).toEqual([500, 400]);
  expect(JSON.stringify(ledgerSnapshot(ledger)).length).toBeLessThan(256 * 1024);
});
