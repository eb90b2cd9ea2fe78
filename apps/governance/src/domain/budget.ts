/**
 * The company's ledger: who has reserved how much of which line, and what was used in the end. One entity, so that one
 * commit decides about all lines of an envelope. What a line is stands in `budget-line.ts`, what is refused in
 * `budget-room.ts`.
 *
 * I1 after every reservation, for each hard line of it: open + used ≤ limit in force, and so for each line of the mode
 *    `ask` with what the operator let it go further by
 * I2 nothing but a reservation raises open + used, except a bill above its envelope and a correction: booked in full, by name
 * I3 an envelope is reserved on all lines or on none; without a company limit nothing is reserved
 * I4 a run is reserved once and settled once; a repeat changes nothing
 * I5 a reservation without a settlement stays open: a crash never gives money back
 * I6 what a run is granted is what is open for it here: amount, currency and versions were fixed in one commit
 * I7 a line counts from the commit that sets it, and with it whatever is open by then
 */
import type { BudgetEvent } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';
import { placeOn, lineOf, type Measure, type Tags } from './budget-line.js';
import { roomFor } from './budget-room.js';
import { count, dayOf, openBooks, withoutLine, type DayBooks } from './day-books.js';
import type { Envelope, Ledger, LineLimit, Reservation, Usage } from './ledger.js';

export const LEDGER_KEY = 'company';
/** The line of everything a day costs: without it nothing may be spent. */
export const COMPANY_DAY = 'company/day/money';

/** Repeats of older runs are recognised by the run's own hold. */
const REMEMBERED_RUNS = 500;

export const NO_USAGE: Usage = { tokens: 0, calls: 0, minutes: 0 };

export function evolveLedger(ledger: Ledger, event: BudgetEvent): Ledger {
  switch (event.type) {
    case 'governance.budget.limited': {
      const { line, limit, mode, currency, by } = event.data;
      return { ...ledger, currency, limits: { ...ledger.limits, [line]: { limit, mode, by } } };
    }
    case 'governance.budget.unlimited': {
      const { line } = event.data;
      return { ...ledger, ...withoutLine(ledger, line), limits: Object.fromEntries(Object.entries(ledger.limits).filter(([name]) => name !== line)) };
    }
    case 'governance.budget.reserved': {
      const { currency: _ledgers, ...reservation } = event.data;
      return { ...ledger, ...openBooks(ledger, reservation.day), open: [...ledger.open, reservation] };
    }
    case 'governance.budget.extended':
      // The line of each run starts anew with the next: what one was let is nobody else's.
      return lineOf(event.data.line).scope === 'run' ? ledger : { ...ledger, ...count(ledger, 'extra', event.data, event.data.amount) };
    case 'governance.budget.settled':
      return settled(ledger, event.data.runId, event.data.spentMicros, event.data.usage);
    case 'governance.budget.corrected': {
      const { day, beforeMicros, afterMicros, counted } = event.data;
      return booked(ledger, event.data, day, (measure) => (measure === 'money' ? afterMicros - beforeMicros : 0), counted);
    }
    case 'governance.budget.warned':
    case 'governance.budget.overspent':
      return ledger;
    case 'governance.budget.snapshotted':
      return restored(event.data);
  }
}

function settled(ledger: Ledger, runId: string, spentMicros: number, usage: Usage): Ledger {
  const reservation = reservationOf(ledger, runId);
  if (reservation === null) return ledger;
  const after = booked(ledger, reservation, reservation.day, (measure) => (measure === 'money' ? spentMicros : usage[measure]));
  return { ...after, open: ledger.open.filter((one) => one.runId !== runId), settledRuns: [...ledger.settledRuns, runId].slice(-REMEMBERED_RUNS) };
}

/**
 * Counts an amount on every line that sees the run, also on those that another stands in for: they may come to hold it.
 * @param only the lines it is about; all when nothing is said
 */
function booked(ledger: Ledger, tags: Tags, day: string, amountOf: (measure: Measure) => number, only?: readonly string[]): Ledger {
  let books: DayBooks = ledger;
  for (const line of Object.keys(ledger.limits).filter((one) => only?.includes(one) ?? true)) {
    const { scope, measure } = lineOf(line);
    const place = scope === 'run' ? null : placeOn(line, tags, day);
    if (place !== null) books = count(books, 'used', place, amountOf(measure));
  }
  const { opened, closed, used, extra } = books;
  return { ...ledger, opened, closed, used, extra };
}

type Snapshot = Extract<BudgetEvent, { type: 'governance.budget.snapshotted' }>['data'];

function restored({ pins, open, ...kept }: Snapshot): Ledger {
  const reservations = open.map(([runId, place, day, micros, client]): Reservation => {
    const { who, tags, most } = pins[place] ?? missingPin(runId);
    const [agent, definitionVersion, policyVersion] = who;
    const [tokens, calls, minutes] = most;
    return { runId, agent, definitionVersion, policyVersion, feature: tags[0], workflow: tags[1], client, day, micros, bounds: { tokens, calls, minutes } };
  });
  return { ...kept, open: reservations };
}

function missingPin(runId: string): never {
  throw new Error(`the snapshot of the ledger does not say what run ${runId} is pinned to`);
}

export function ledgerSnapshot(ledger: Ledger): BudgetEvent {
  const pins: Snapshot['pins'] = [];
  const places = new Map<string, number>();
  const placeOf = ({ agent, definitionVersion, policyVersion, feature, workflow, bounds }: Reservation): number => {
    const pin: Snapshot['pins'][number] = { who: [agent, definitionVersion, policyVersion], tags: [feature, workflow], most: [bounds.tokens, bounds.calls, bounds.minutes] };
    const key = JSON.stringify(pin);
    const place = places.get(key) ?? pins.push(pin) - 1;
    places.set(key, place);
    return place;
  };
  const open = ledger.open.map((one): Snapshot['open'][number] => [one.runId, placeOf(one), one.day, one.micros, one.client]);
  const { currency, limits, opened, closed, used, extra, settledRuns } = ledger;
  return {
    type: 'governance.budget.snapshotted',
    data: {
      ...{ currency: currency ?? 'USD', limits: { ...limits }, pins, open },
      ...{ opened: { day: [...opened.day], month: [...opened.month] }, closed: { day: [...closed.day], month: [...closed.month] } },
      ...{ used: used as Snapshot['used'], extra: extra as Snapshot['extra'], settledRuns: [...settledRuns] },
    },
  };
}

/** Null when the run has none, or has settled it. */
export function reservationOf(ledger: Ledger, runId: string): Reservation | null {
  return ledger.open.find((one) => one.runId === runId) ?? null;
}

export function limitBudget(ledger: Ledger, line: string, wanted: LineLimit, currency: string): readonly BudgetEvent[] | Rejection {
  if (ledger.currency !== null && ledger.currency !== currency) {
    return reject('budget.currency', `The ledger is kept in ${ledger.currency}; a limit in ${currency} cannot be compared with it. Give the limit in ${ledger.currency}.`);
  }
  if (line === COMPANY_DAY && wanted.mode === 'soft') {
    return reject('budget.no-limit', 'What the company spends a day cannot be a mere warning. Give it the mode hard or ask, and a higher limit.');
  }
  const now = ledger.limits[line];
  if (now?.limit === wanted.limit && now.mode === wanted.mode && now.by === wanted.by && ledger.currency === currency) return [];
  return [{ type: 'governance.budget.limited', data: { line, limit: wanted.limit, mode: wanted.mode, currency, by: wanted.by } }];
}

export function unlimitBudget(ledger: Ledger, line: string, by: string): readonly BudgetEvent[] | Rejection {
  if (line === COMPANY_DAY) return reject('budget.no-limit', `Without ${COMPANY_DAY} nothing may be spent, so it is not taken away. Give it another limit.`);
  return Object.hasOwn(ledger.limits, line) ? [{ type: 'governance.budget.unlimited', data: { line, by } }] : [];
}

/** Reserved, refused, or to be asked about: then the rejection's code is `budget.ask`, and `roomFor` says which lines. */
export function reserveEnvelope(ledger: Ledger, envelope: Envelope, now: string, isLet = false): readonly BudgetEvent[] | Rejection {
  const { runId } = envelope;
  if (reservationOf(ledger, runId) !== null || ledger.settledRuns.includes(runId)) return [];
  const day = dayOf(now);
  const room = roomFor(ledger, envelope, day, isLet);
  if (room.kind === 'refused') return room.rejection;
  if (room.kind === 'ask') return reject('budget.ask', 'The run would pass a line that the operator is asked about.');
  const warned = room.passed.map(({ line, period, name, limit, committed, needed }): BudgetEvent => ({ type: 'governance.budget.warned', data: { runId, line, period, name, limit, committed: committed + needed } }));
  return [{ type: 'governance.budget.reserved', data: { ...envelope, day } }, ...warned];
}

/** The operator lets a run pass the lines it asked about; each by as much as is missing now. */
export function extendLines(ledger: Ledger, envelope: Envelope, by: string, now: string): readonly BudgetEvent[] {
  if (reservationOf(ledger, envelope.runId) !== null || ledger.settledRuns.includes(envelope.runId)) return [];
  const room = roomFor(ledger, envelope, dayOf(now));
  if (room.kind !== 'ask') return [];
  const { runId } = envelope;
  const extended = room.lines.map(({ line, period, name, limit, committed, needed }): BudgetEvent => ({ type: 'governance.budget.extended', data: { line, period, name, amount: committed + needed - limit, runId, by } }));
  // The books are opened by the reservation that follows in the same commit, so that what is let counts in a new period too.
  const opened = openBooks(ledger, dayOf(now));
  const reserved = reserveEnvelope(extended.reduce(evolveLedger, { ...ledger, ...opened }), envelope, now, true);
  return 'code' in reserved ? [] : [...reserved.slice(0, 1), ...extended, ...reserved.slice(1)];
}

/** A run that spent more than its envelope is charged in full: the money is gone, and the next reservations must see it. */
export function settleEnvelope(ledger: Ledger, runId: string, spentMicros: number, usage: Usage = NO_USAGE): readonly BudgetEvent[] {
  const reservation = reservationOf(ledger, runId);
  if (reservation === null) return [];
  const { day, micros: envelopeMicros } = reservation;
  const { tokens, calls, minutes } = usage;
  const settlement: BudgetEvent = { type: 'governance.budget.settled', data: { runId, day, spentMicros, releasedMicros: Math.max(0, envelopeMicros - spentMicros), usage: { tokens, calls, minutes } } };
  if (spentMicros <= envelopeMicros) return [settlement];
  return [{ type: 'governance.budget.overspent', data: { runId, day, envelopeMicros, spentMicros } }, settlement];
}
