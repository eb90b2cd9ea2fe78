/**
 * The company's ledger: who has reserved how much of which day, and what was spent in the end. One entity, so that one
 * commit decides about all lines of an envelope.
 *
 * I1 after every reservation, for each of its lines: open + spent ≤ limit in force
 * I2 nothing but a reservation raises open + spent, except a bill above its envelope: it is booked in full, by name
 * I3 an envelope is reserved on all lines or on none; without a company limit nothing is reserved
 * I4 a run is reserved once and settled once; a repeat changes nothing
 * I5 a reservation without a settlement stays open: a crash never gives money back
 * I6 what a run is granted is what is open for it here: amount, currency and versions were fixed in one commit
 */
import type { BudgetEvent } from '@soloist/contracts';
import { formatMoney, reject, type Rejection } from '@soloist/kernel';
import { bookSpending, dayOf, isClosed, noBooks, openBook, spentOn, type DayBooks } from './day-books.js';

export const LEDGER_KEY = 'company';
/** The line of everything a day costs. */
export const COMPANY_DAY = 'company-day';

/** The snapshot carries every open reservation and must stay a small commit. */
const MAX_OPEN = 1_000;
/** Repeats of older runs are recognised by the run's own hold. */
const REMEMBERED_RUNS = 500;

export interface Reservation {
  readonly runId: string;
  readonly agent: string;
  readonly definitionVersion: string;
  readonly policyVersion: string;
  /** UTC date, `2026-11-24`. */
  readonly day: string;
  readonly micros: number;
}

export interface Ledger extends DayBooks {
  readonly currency: string | null;
  readonly limits: Readonly<Record<string, number>>;
  readonly open: readonly Reservation[];
  readonly settledRuns: readonly string[];
}

export const emptyLedger: Ledger = { ...noBooks, currency: null, limits: {}, open: [], settledRuns: [] };

/** The line of one agent's day; without a limit of its own the line `agent-day` holds for every agent. */
export function agentDay(agent: string): string {
  return `agent-day/${agent}`;
}

export function evolveLedger(ledger: Ledger, event: BudgetEvent): Ledger {
  switch (event.type) {
    case 'governance.budget.limited':
      return { ...ledger, currency: event.data.currency, limits: { ...ledger.limits, [event.data.line]: event.data.limitMicros } };
    case 'governance.budget.reserved': {
      const { currency: _ledgers, ...reservation } = event.data;
      return { ...ledger, ...openBook(ledger, reservation.day), open: [...ledger.open, reservation] };
    }
    case 'governance.budget.settled':
      return settled(ledger, event.data.runId, event.data.spentMicros);
    case 'governance.budget.overspent':
      return ledger;
    case 'governance.budget.snapshotted':
      return restored(event.data);
  }
}

function settled(ledger: Ledger, runId: string, spentMicros: number): Ledger {
  const reservation = reservationOf(ledger, runId);
  if (reservation === null) return ledger;
  return {
    ...ledger,
    ...bookSpending(ledger, reservation.day, reservation.agent, spentMicros),
    open: ledger.open.filter((one) => one.runId !== runId),
    settledRuns: [...ledger.settledRuns, runId].slice(-REMEMBERED_RUNS),
  };
}

type Snapshot = Extract<BudgetEvent, { type: 'governance.budget.snapshotted' }>['data'];

function restored({ pins, open, ...kept }: Snapshot): Ledger {
  const reservations = open.map(({ pin, ...one }): Reservation => {
    const [agent, definitionVersion, policyVersion] = pins[pin] ?? missingPin(one.runId);
    return { ...one, agent, definitionVersion, policyVersion };
  });
  return { ...kept, open: reservations };
}

function missingPin(runId: string): never {
  throw new Error(`the snapshot of the ledger does not say what run ${runId} is pinned to`);
}

export function ledgerSnapshot(ledger: Ledger): BudgetEvent {
  const pinOf = ({ agent, definitionVersion, policyVersion }: Reservation): string => [agent, definitionVersion, policyVersion].join(' ');
  const pins = [...new Set(ledger.open.map(pinOf))];
  const places = new Map(pins.map((pin, place) => [pin, place]));
  const open = ledger.open.map((one) => ({ runId: one.runId, pin: places.get(pinOf(one)) ?? missingPin(one.runId), day: one.day, micros: one.micros }));
  const { currency, limits, books, spentByAgentDay, closed, settledRuns } = ledger;
  return {
    type: 'governance.budget.snapshotted',
    data: {
      ...{ currency: currency ?? 'USD', limits, spentByAgentDay, open },
      pins: pins.map((pin) => pin.split(' ') as [string, string, string]),
      books: [...books],
      closed: [...closed],
      settledRuns: [...settledRuns],
    },
  };
}

/** Null when the run has none, or has settled it. */
export function reservationOf(ledger: Ledger, runId: string): Reservation | null {
  return ledger.open.find((one) => one.runId === runId) ?? null;
}

/** Open and spent of one day, for the company or for one agent. */
export function committedMicros(ledger: Ledger, day: string, agent?: string): number {
  const open = ledger.open.filter((one) => one.day === day && (agent === undefined || one.agent === agent));
  return open.reduce((sum, one) => sum + one.micros, spentOn(ledger, day, agent));
}

export function limitBudget(ledger: Ledger, line: string, limitMicros: number, currency: string): readonly BudgetEvent[] | Rejection {
  if (ledger.currency !== null && ledger.currency !== currency) {
    return reject('budget.currency', `The ledger is kept in ${ledger.currency}; a limit in ${currency} cannot be compared with it. Give the limit in ${ledger.currency}.`);
  }
  if (ledger.limits[line] === limitMicros && ledger.currency === currency) return [];
  return [{ type: 'governance.budget.limited', data: { line, limitMicros, currency } }];
}

export interface Envelope extends Omit<Reservation, 'day'> {
  readonly currency: string;
}

export function reserveEnvelope(ledger: Ledger, envelope: Envelope, now: string): readonly BudgetEvent[] | Rejection {
  const { runId } = envelope;
  if (reservationOf(ledger, runId) !== null || ledger.settledRuns.includes(runId)) return [];
  const day = dayOf(now);
  const no = hindrance(ledger, envelope, day);
  if (no !== null) return no;
  return [{ type: 'governance.budget.reserved', data: { ...envelope, day } }];
}

function hindrance(ledger: Ledger, { agent, micros, currency }: Envelope, day: string): Rejection | null {
  const companyLimit = ledger.limits[COMPANY_DAY];
  if (companyLimit === undefined) {
    return reject('budget.no-limit', 'The company has no daily limit yet, so nothing may be spent. Set SOLOIST_COMPANY_DAY_LIMIT_MICROS and start governance again.');
  }
  if (ledger.currency !== currency) {
    return reject('budget.currency', `The agent's budget is in ${currency}, the ledger in ${String(ledger.currency)}. Give the agent's budget in the ledger's currency.`);
  }
  if (isClosed(ledger, day)) return reject('budget.day-closed', `The books of ${day} are closed. Check the clock of this machine, then send the request again.`);
  if (ledger.open.length >= MAX_OPEN) {
    return reject('budget.too-many-open', `${MAX_OPEN} runs hold a reservation at this moment. Wait until some of them have finished, or end those that are stuck: ./soloist run cancel ID.`);
  }
  return (
    exhausted('The company', companyLimit, committedMicros(ledger, day), micros, currency, day) ??
    exhausted(`The agent ${agent}`, ledger.limits[agentDay(agent)] ?? ledger.limits['agent-day'], committedMicros(ledger, day, agent), micros, currency, day)
  );
}

function exhausted(who: string, limit: number | undefined, committed: number, micros: number, currency: string, day: string): Rejection | null {
  if (limit === undefined || committed + micros <= limit) return null;
  const money = (amount: number): string => formatMoney({ micros: amount, currency });
  return reject(
    'budget.exhausted',
    `${who} may spend ${money(limit)} on ${day} (UTC); ${money(committed)} of it is spent or reserved and this run needs ${money(micros)}. ` +
      'Raise the daily limit (SOLOIST_COMPANY_DAY_LIMIT_MICROS), or send the request again tomorrow.',
  );
}

/** A run that spent more than its envelope is charged in full: the money is gone, and the next reservations must see it. */
export function settleEnvelope(ledger: Ledger, runId: string, spentMicros: number): readonly BudgetEvent[] {
  const reservation = reservationOf(ledger, runId);
  if (reservation === null) return [];
  const { day, micros: envelopeMicros } = reservation;
  const settlement: BudgetEvent = { type: 'governance.budget.settled', data: { runId, day, spentMicros, releasedMicros: Math.max(0, envelopeMicros - spentMicros) } };
  if (spentMicros <= envelopeMicros) return [settlement];
  return [{ type: 'governance.budget.overspent', data: { runId, day, envelopeMicros, spentMicros } }, settlement];
}
