/**
 * The company's ledger: who has reserved how much of which day, and what was spent in the end. One entity, so that one
 * commit decides about all lines of an envelope.
 *
 * I1 after every reservation, for each of its lines: open + spent ≤ limit in force
 * I2 nothing but a reservation raises open + spent; settling turns a reservation into at most as much spending
 * I3 an envelope is reserved on all lines or on none; without a company limit nothing is reserved
 * I4 a run is reserved once and settled once; a repeat changes nothing
 * I5 a reservation without a settlement stays open: a crash never gives money back
 */
import type { BudgetEvent } from '@soloist/contracts';
import { formatMoney, reject, type Rejection } from '@soloist/kernel';

export const LEDGER_KEY = 'company';
/** The line of everything a day costs. */
export const COMPANY_DAY = 'company-day';

/** Days kept behind the latest one. What is older is closed: it takes no reservation, so its sum may be forgotten. */
const OPEN_DAYS = 7;
/** The snapshot carries every open reservation and must stay a small commit. */
const MAX_OPEN = 1_000;
/** Repeats of older runs are recognised by the run's own hold. */
const REMEMBERED_RUNS = 500;

export interface Reservation {
  readonly runId: string;
  readonly agent: string;
  /** UTC date, `2026-11-24`. */
  readonly day: string;
  readonly micros: number;
}

export interface Ledger {
  readonly currency: string | null;
  readonly limits: Readonly<Record<string, number>>;
  readonly open: readonly Reservation[];
  readonly spentByDay: Readonly<Record<string, number>>;
  /** Keyed by `<day>/<agent>`. */
  readonly spentByAgentDay: Readonly<Record<string, number>>;
  readonly settledRuns: readonly string[];
}

export const emptyLedger: Ledger = { currency: null, limits: {}, open: [], spentByDay: {}, spentByAgentDay: {}, settledRuns: [] };

/** The line of one agent's day; without a limit of its own the line `agent-day` holds for every agent. */
export function agentDay(agent: string): string {
  return `agent-day/${agent}`;
}

export function dayOf(now: string): string {
  return new Date(Date.parse(now)).toISOString().slice(0, 10);
}

export function evolveLedger(ledger: Ledger, event: BudgetEvent): Ledger {
  switch (event.type) {
    case 'governance.budget.limited':
      return { ...ledger, currency: event.data.currency, limits: { ...ledger.limits, [event.data.line]: event.data.limitMicros } };
    case 'governance.budget.reserved': {
      const { runId, agent, day, micros } = event.data;
      return { ...ledger, open: [...ledger.open, { runId, agent, day, micros }] };
    }
    case 'governance.budget.settled':
      return settled(ledger, event.data.runId, event.data.spentMicros);
    case 'governance.budget.snapshotted':
      return { ...event.data };
  }
}

function settled(ledger: Ledger, runId: string, spentMicros: number): Ledger {
  const reservation = ledger.open.find((one) => one.runId === runId);
  if (reservation === undefined) return ledger;
  const { day, agent } = reservation;
  return forgetClosedDays({
    ...ledger,
    open: ledger.open.filter((one) => one.runId !== runId),
    spentByDay: plus(ledger.spentByDay, day, spentMicros),
    spentByAgentDay: plus(ledger.spentByAgentDay, `${day}/${agent}`, spentMicros),
    settledRuns: [...ledger.settledRuns, runId].slice(-REMEMBERED_RUNS),
  });
}

/** The latest day stays by construction, and with it the horizon: a day once closed is closed for ever. */
function forgetClosedDays(ledger: Ledger): Ledger {
  const horizon = firstOpenDay(ledger);
  const isOpen = ([key]: [string, number]): boolean => key.slice(0, 10) >= horizon;
  return {
    ...ledger,
    spentByDay: Object.fromEntries(Object.entries(ledger.spentByDay).filter(isOpen)),
    spentByAgentDay: Object.fromEntries(Object.entries(ledger.spentByAgentDay).filter(isOpen)),
  };
}

function firstOpenDay(ledger: Ledger): string {
  const latest = [...Object.keys(ledger.spentByDay), ...ledger.open.map((one) => one.day)].sort().at(-1);
  return latest === undefined ? '' : dayOf(new Date(Date.parse(latest) - OPEN_DAYS * 86_400_000).toISOString());
}

function plus(sums: Readonly<Record<string, number>>, key: string, micros: number): Record<string, number> {
  return { ...sums, [key]: (sums[key] ?? 0) + micros };
}

export function ledgerSnapshot(ledger: Ledger): BudgetEvent {
  return { type: 'governance.budget.snapshotted', data: { ...ledger, currency: ledger.currency ?? 'USD', open: [...ledger.open], settledRuns: [...ledger.settledRuns] } };
}

/** Open and spent of one day, for the company or for one agent. */
export function committedMicros(ledger: Ledger, day: string, agent?: string): number {
  const open = ledger.open.filter((one) => one.day === day && (agent === undefined || one.agent === agent));
  const spent = agent === undefined ? ledger.spentByDay[day] : ledger.spentByAgentDay[`${day}/${agent}`];
  return open.reduce((sum, one) => sum + one.micros, spent ?? 0);
}

export function limitBudget(ledger: Ledger, line: string, limitMicros: number, currency: string): readonly BudgetEvent[] | Rejection {
  if (ledger.currency !== null && ledger.currency !== currency) {
    return reject('budget.currency', `The ledger is kept in ${ledger.currency}; a limit in ${currency} cannot be compared with it. Give the limit in ${ledger.currency}.`);
  }
  if (ledger.limits[line] === limitMicros && ledger.currency === currency) return [];
  return [{ type: 'governance.budget.limited', data: { line, limitMicros, currency } }];
}

export interface Envelope {
  readonly runId: string;
  readonly agent: string;
  readonly micros: number;
  readonly currency: string;
}

export function reserveEnvelope(ledger: Ledger, envelope: Envelope, now: string): readonly BudgetEvent[] | Rejection {
  const { runId, agent, micros, currency } = envelope;
  if (ledger.open.some((one) => one.runId === runId) || ledger.settledRuns.includes(runId)) return [];
  const day = dayOf(now);
  const no = hindrance(ledger, envelope, day);
  if (no !== null) return no;
  return [{ type: 'governance.budget.reserved', data: { runId, agent, day, micros, currency } }];
}

function hindrance(ledger: Ledger, { agent, micros, currency }: Envelope, day: string): Rejection | null {
  const companyLimit = ledger.limits[COMPANY_DAY];
  if (companyLimit === undefined) {
    return reject('budget.no-limit', 'The company has no daily limit yet, so nothing may be spent. Set SOLOIST_COMPANY_DAY_LIMIT_MICROS and start governance again.');
  }
  if (ledger.currency !== currency) {
    return reject('budget.currency', `The agent's budget is in ${currency}, the ledger in ${String(ledger.currency)}. Give the agent's budget in the ledger's currency.`);
  }
  if (day < firstOpenDay(ledger)) return reject('budget.day-closed', `The books of ${day} are closed. Check the clock of this machine.`);
  if (ledger.open.length >= MAX_OPEN) {
    return reject('budget.too-many-open', `${MAX_OPEN} runs hold a reservation at this moment. Wait until some of them have finished.`);
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

export function settleEnvelope(ledger: Ledger, runId: string, spentMicros: number): readonly BudgetEvent[] | Rejection {
  const reservation = ledger.open.find((one) => one.runId === runId);
  if (reservation === undefined) return [];
  if (spentMicros > reservation.micros) {
    return reject('budget.overspent', `Run ${runId} reports ${spentMicros} micros spent of an envelope of ${reservation.micros}. Its reservation stays open; check the bill of the model's provider.`);
  }
  return [{ type: 'governance.budget.settled', data: { runId, day: reservation.day, spentMicros, releasedMicros: reservation.micros - spentMicros } }];
}
