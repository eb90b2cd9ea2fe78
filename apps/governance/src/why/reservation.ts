/**
 * Finds the ledger's commit that set a run's envelope aside. The ledger is one entity for the whole company, so it is
 * looked for near the moment of the admission, by halving the stream; never by reading it whole.
 *
 * I1 what is not found within the bounds is null, and the answer says that it was not found
 */
import type { BudgetEvent } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import { evolveLedger, LEDGER_KEY } from '../domain/budget.js';
import { isOverridden, placeOn } from '../domain/budget-line.js';
import { emptyLedger } from '../domain/ledger.js';
import type { Trail } from './trail.js';

/** Clocks of one machine; the reservation stands right before the grant that speaks of it. */
const SLACK_MS = 5_000;
const MOST_COMMITS = 2_000;

const ADDRESS = { context: 'governance', entity: 'budget', key: LEDGER_KEY } as const;
type Reserved = Extract<BudgetEvent, { type: 'governance.budget.reserved' }>;
type Found = Pick<Trail, 'reservation' | 'budgetLines' | 'ledger'>;

/** @param from, to moments (RFC 3339, UTC) between which it was admitted */
export async function findReservation(log: EventLog, runId: string, from: string, to: string): Promise<Found> {
  const head = await log.head(ADDRESS);
  if (head === null) return { reservation: null, budgetLines: null };
  const { stream } = head.position;
  const end = new Date(Date.parse(to) + SLACK_MS).toISOString();
  for (const begin of [to, from].map((moment) => new Date(Date.parse(moment) - SLACK_MS).toISOString())) {
    const near = await log.readAfter(stream, await firstAt(log, stream, head.position.sequence, begin), MOST_COMMITS);
    const reservation = near.find((commit) => commit.at <= end && reservedIn(commit, runId) !== null);
    if (reservation !== undefined) return { reservation, ...(await linesThen(log, reservation, runId)) };
  }
  return { reservation: null, budgetLines: null };
}

/** The sequence before the first commit that is not older than a moment. */
async function firstAt(log: EventLog, stream: number, last: number, moment: string): Promise<number> {
  let low = 1;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    const commit = await log.commitAt({ stream, sequence: middle });
    if (commit !== null && commit.at >= moment) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

function reservedIn({ address, events }: Commit, runId: string): Reserved['data'] | null {
  if (address.entity !== ADDRESS.entity) return null;
  return (events as readonly BudgetEvent[]).find((event): event is Reserved => event.type === 'governance.budget.reserved' && event.data.runId === runId)?.data ?? null;
}

/** The lines that held the run when its envelope was set aside, from the ledger's snapshot of then, and the commits that say so; null when that lies too far back. */
async function linesThen(log: EventLog, reservation: Commit, runId: string): Promise<Pick<Found, 'budgetLines' | 'ledger'>> {
  const { stream, sequence } = reservation.position;
  if (sequence - reservation.from >= MOST_COMMITS) return { budgetLines: null };
  const commits = await log.readAfter(stream, reservation.from - 1, sequence - reservation.from + 1);
  const own = commits.filter(({ subject, position }) => subject === reservation.subject && position.sequence <= sequence);
  if (own.at(-1)?.id !== reservation.id) return { budgetLines: null };
  const { limits } = (own.flatMap(({ events }) => events) as readonly BudgetEvent[]).reduce(evolveLedger, emptyLedger);
  const reserved = reservedIn(reservation, runId);
  if (reserved === null) return { budgetLines: null };
  const budgetLines = Object.entries(limits).flatMap(([line, { limit, mode }]) => (placeOn(line, reserved, reserved.day) === null || isOverridden(line, reserved, limits) ? [] : [{ line, limit, mode }]));
  return { budgetLines, ledger: own };
}
