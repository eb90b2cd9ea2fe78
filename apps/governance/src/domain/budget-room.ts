/**
 * Whether a run's envelope has room on every line that holds it.
 *
 * I1 a hard line refuses, whatever the others say; then a line of the mode `ask` asks; a soft one warns and holds nobody
 * I2 a measure that the agent's definition does not bound is no reason to let it in: it is refused, with what to add
 * I3 a period whose counts are forgotten takes nothing
 * I4 what the operator lets one run pass of the line of each run is let to that run alone
 */
import { formatMoney, reject, type Rejection } from '@soloist/kernel';
import type { ExtensionAsked } from '@soloist/contracts';
import { isOverridden, lineOf, placeOn, type Measure } from './budget-line.js';
import type { Envelope, Ledger, Reservation } from './ledger.js';
import { countOf, isClosed, isCounted, monthOf, namesCounted, type Place } from './day-books.js';

/** The snapshot carries every open reservation and every name, and must stay a small commit. */
export const MAX_OPEN = 500;
const MAX_NAMES = 600;

export type Room =
  | { readonly kind: 'refused'; readonly rejection: Rejection }
  | { readonly kind: 'ask'; readonly lines: readonly ExtensionAsked[] }
  | { readonly kind: 'free'; readonly passed: readonly ExtensionAsked[] };

/** @param isLet the operator has let this run pass the line of each run */
export function roomFor(ledger: Ledger, envelope: Envelope, day: string, isLet = false): Room {
  const no = hindrance(ledger, envelope, day);
  if (no !== null) return { kind: 'refused', rejection: no };
  const asked: ExtensionAsked[] = [];
  const passed: ExtensionAsked[] = [];
  for (const [line, { limit: base, mode }] of Object.entries(ledger.limits)) {
    const place = placeOn(line, envelope, day);
    if (place === null || isOverridden(line, envelope, ledger.limits)) continue;
    const needed = amountOf(envelope, lineOf(line).measure);
    if (needed === null && mode === 'soft') continue;
    const forgotten = isForgotten(ledger, place, day) ?? (needed === null ? unbounded(envelope.agent, line) : null);
    if (forgotten !== null || needed === null) return { kind: 'refused', rejection: forgotten ?? unbounded(envelope.agent, line) };
    const isOfEachRun = lineOf(line).scope === 'run';
    const limit = isOfEachRun ? base : base + countOf(ledger.extra, place);
    const committed = committedOn(ledger, place);
    if (committed + needed <= limit) continue;
    const there: ExtensionAsked = { ...place, limit, committed, needed };
    if (mode === 'hard') return { kind: 'refused', rejection: exhausted(there, envelope.currency) };
    if (mode === 'soft') passed.push(there);
    else if (!(isLet && isOfEachRun)) asked.push(there);
  }
  return asked.length > 0 ? { kind: 'ask', lines: asked } : { kind: 'free', passed };
}

/** Open and used on a place. A run's own line starts with every run. */
export function committedOn(ledger: Ledger, place: Place): number {
  const { scope, measure } = lineOf(place.line);
  if (scope === 'run') return 0;
  return ledger.open.reduce((sum, one) => sum + openOn(one, place, measure), countOf(ledger.used, place));
}

function openOn(reservation: Reservation, { line, period, name }: Place, measure: Measure): number {
  const place = placeOn(line, reservation, reservation.day);
  return place !== null && place.period === period && place.name === name ? (amountOf(reservation, measure) ?? 0) : 0;
}

function amountOf({ micros, bounds }: Pick<Reservation, 'micros' | 'bounds'>, measure: Measure): number | null {
  return measure === 'money' ? micros : bounds[measure];
}

function hindrance(ledger: Ledger, { currency }: Envelope, day: string): Rejection | null {
  if (!Object.hasOwn(ledger.limits, 'company/day/money')) {
    return reject('budget.no-limit', 'The company has no daily limit yet, so nothing may be spent. Set it: ./soloist budget set company/day/money AMOUNT.');
  }
  if (ledger.currency !== currency) {
    return reject('budget.currency', `The agent's budget is in ${currency}, the ledger in ${String(ledger.currency)}. Give the agent's budget in the ledger's currency.`);
  }
  if (isClosed(ledger, 'day', day)) return dayClosed(day);
  if (ledger.open.length >= MAX_OPEN) {
    return reject('budget.too-many-open', `${MAX_OPEN} runs hold a reservation at this moment. Wait until some of them have finished, or end those that are stuck: ./soloist run cancel ID.`);
  }
  return null;
}

function isForgotten(ledger: Ledger, place: Place, day: string): Rejection | null {
  const { period: kind } = lineOf(place.line);
  const isNamed = place.name !== '';
  if (kind !== 'lifetime') {
    const token = kind === 'day' ? day : monthOf(day);
    if (isClosed(ledger, kind, token) || (isNamed && !isCounted(ledger, kind, token))) return dayClosed(token);
  }
  if (isNamed && !Object.hasOwn(ledger.used[place.line]?.[place.period] ?? {}, place.name) && namesCounted(ledger) >= MAX_NAMES) {
    return reject('budget.too-many-names', `${MAX_NAMES} names are counted on the lines of all names, and ${place.line} would add one. Take a line of all names away: ./soloist budget set ${place.line} none.`);
  }
  return null;
}

function dayClosed(token: string): Rejection {
  return reject('budget.day-closed', `The books of ${token} are closed. Check the clock of this machine, then send the request again.`);
}

function unbounded(agent: string, line: string): Rejection {
  const { measure } = lineOf(line);
  const field = { money: 'perRunMicros', tokens: 'perRunTokens', calls: 'perRunCalls', minutes: 'perRunMinutes' }[measure];
  return reject('budget.unbounded', `The line ${line} counts ${measure}, and nobody knows how many a run of ${agent} may use. Give budget.${field} in its definition, or take the line away: ./soloist budget set ${line} none.`);
}

function exhausted({ line, period, name, limit, committed, needed }: ExtensionAsked, currency: string): Rejection {
  const { measure, scope } = lineOf(line);
  const amount = (value: number): string => (measure === 'money' ? formatMoney({ micros: value, currency }) : `${value} ${measure}`);
  const where = scope === 'run' ? 'A run' : `The line ${line}${line.includes('/*/') ? ` (${name})` : ''}`;
  return reject(
    'budget.exhausted',
    `${where} may go up to ${amount(limit)}${scope === 'run' ? '' : ` in ${period} (UTC)`}; ${amount(committed)} of it is used or reserved and this run needs ${amount(needed)}. ` +
      `Raise it (./soloist budget set ${line} ${measure === 'money' ? 'AMOUNT' : 'COUNT'}), or send the request again in the next period.`,
  );
}
