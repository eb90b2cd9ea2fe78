/** The ledger is written for as long as the company lives; reading it must not cost what has been written. */
import type { BudgetEvent } from '@soloist/contracts';
import { createMemoryLog, type Commit, type EventLog } from '@soloist/eventlog';
import { Committer, fold } from '@soloist/service';
import { expect, test } from 'vitest';
import { ledgers } from './entities.js';

const COMMITS = 230;
const MOST_READ = 50;
const KEY = 'company';
const clock = { now: () => '2026-01-02T03:04:05.000Z' };

function limited(number: number): BudgetEvent {
  return { type: 'governance.budget.limited', data: { line: `agent/agent-${number % 23}/day/money`, limit: number, mode: 'hard', currency: 'USD', by: 'operator' } };
}

/** Counts what cold reads fetch. */
function counting(log: EventLog, fetched: number[]): EventLog {
  const read: EventLog['read'] = async (address) => {
    const commits: readonly Commit[] = await log.read(address);
    fetched.push(commits.length);
    return commits;
  };
  return { ...log, read };
}

test('[G4] replay = snapshot + tail: a ledger is read from its latest snapshot on, and stands as its whole history says, at every length', async () => {
  const memory = createMemoryLog({ streams: 1 });
  const { log } = memory.connect('governance');
  const writer = new Committer(log, 'governance', clock);
  const fetched: number[] = [];
  for (let number = 1; number <= COMMITS; number += 1) {
    const outcome = await writer.commit({ cause: null, seed: `limit-${number}`, decider: 'test', traceparent: null }, ledgers, KEY, 'limit', () => [limited(number)]);
    expect(outcome.kind).toBe('committed');
    if (number % 31 !== 0 && number < COMMITS - 55) continue;
    const cold = await new Committer(counting(log, fetched), 'governance', clock).load(ledgers, KEY);
    const whole = await log.history({ context: 'governance', entity: 'budget', key: KEY });
    // Without the snapshots: what was decided is all there is to know.
    const decided = whole.flatMap(({ events }) => events).filter(({ type }) => type !== 'governance.budget.snapshotted');
    expect(cold.state).toEqual(fold(ledgers, decided));
    expect(cold.state).toEqual(fold(ledgers, whole.flatMap(({ events }) => events)));
    expect(whole).toHaveLength(number);
  }
  expect(Math.max(...fetched)).toBeLessThanOrEqual(MOST_READ);
  expect(Math.min(...fetched)).toBe(1);
});
