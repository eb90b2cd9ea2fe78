/**
 * What was used of which line in which day and month. A day is whatever the machine's clock says when a reservation is
 * made, so nothing here believes that days come one after the other.
 *
 * I1 no reservation is made in a period whose use was forgotten, so no period ever takes more than its limit
 * I2 what is forgotten follows the order in which days were opened, never the calendar: a date far ahead closes nothing
 *    but the oldest book, and a day that was never opened is always open, as long as its month is
 * I3 lines that count names are kept of the latest books only; an older one takes nothing on them any more
 */

/** Opened books that are remembered: more days than a year has. */
const KEPT = { day: 400, month: 60 } as const;
/** Of these the counts of each name as well; the snapshot carries them all and must stay a small commit. */
const DETAILED = { day: 8, month: 13 } as const;
const DAY_MS = 86_400_000;

export const FOREVER = 'ever';
export type Dated = 'day' | 'month';
/** Line → period → name → amount. */
export type Counts = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** Days or months, both ends included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

export interface DayBooks {
  /** In the order they were opened. */
  readonly opened: Readonly<Record<Dated, readonly string[]>>;
  readonly closed: Readonly<Record<Dated, readonly Span[]>>;
  readonly used: Counts;
  /** What the operator has let a place go further by. */
  readonly extra: Counts;
}

/** Where an amount is counted. `name` is empty for what has none. */
export interface Place {
  readonly line: string;
  readonly period: string;
  readonly name: string;
}

export const noBooks: DayBooks = { opened: { day: [], month: [] }, closed: { day: [], month: [] }, used: {}, extra: {} };

export function dayOf(now: string): string {
  return new Date(Date.parse(now)).toISOString().slice(0, 10);
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function isClosed({ closed }: DayBooks, kind: Dated, token: string): boolean {
  return closed[kind].some(({ from, to }) => from <= token && token <= to);
}

/** Whether counts of a name would be complete in this period: it is new, or among the latest. */
export function isCounted({ opened }: DayBooks, kind: Dated, token: string): boolean {
  return !opened[kind].includes(token) || opened[kind].slice(-DETAILED[kind]).includes(token);
}

/** Opens the books of a day and of its month, if it is their first reservation, and closes the oldest when there are too many. */
export function openBooks(state: DayBooks, day: string): DayBooks {
  return openOne(openOne(state, 'day', day), 'month', monthOf(day));
}

function openOne(state: DayBooks, kind: Dated, token: string): DayBooks {
  if (state.opened[kind].includes(token)) return state;
  const all = [...state.opened[kind], token];
  const kept = all.slice(-KEPT[kind]);
  const closed = all.slice(0, -KEPT[kind]).reduce<readonly Span[]>((spans, one) => withToken(spans, kind, one), state.closed[kind]);
  const detailed = new Set(kept.slice(-DETAILED[kind]));
  const isKept = (period: string, name: string): boolean => kindOf(period) !== kind || (name === '' ? kept.includes(period) : detailed.has(period));
  return {
    opened: { ...state.opened, [kind]: kept },
    closed: { ...state.closed, [kind]: closed },
    used: filtered(state.used, isKept),
    extra: filtered(state.extra, isKept),
  };
}

function kindOf(period: string): Dated | null {
  if (period === FOREVER) return null;
  return period.length === 7 ? 'month' : 'day';
}

/** A closed book stays as it is: nobody asks for its sum any more. Never below zero. */
export function count(state: DayBooks, counts: 'used' | 'extra', { line, period, name }: Place, amount: number): DayBooks {
  const kind = kindOf(period);
  if (amount === 0 || (kind !== null && !isWritten(state, kind, period, name))) return state;
  const periods = state[counts][line] ?? {};
  const names = periods[period] ?? {};
  const sum = Math.max(0, ofName(names, name) + amount);
  return { ...state, [counts]: { ...state[counts], [line]: { ...periods, [period]: { ...names, [name]: sum } } } };
}

function isWritten({ opened }: DayBooks, kind: Dated, period: string, name: string): boolean {
  return (name === '' ? opened[kind] : opened[kind].slice(-DETAILED[kind])).includes(period);
}

export function countOf(counts: Counts, { line, period, name }: Place): number {
  return ofName(counts[line]?.[period] ?? {}, name);
}

/** Names are anybody's: one may be called like what every object has. */
function ofName(names: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(names, name) ? (names[name] ?? 0) : 0;
}

export function withoutLine(state: DayBooks, line: string): DayBooks {
  const keep = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).filter(([name]) => name !== line));
  return { ...state, used: keep(state.used), extra: keep(state.extra) };
}

/** How many names are counted, on all lines together. */
export function namesCounted({ used }: DayBooks): number {
  return Object.values(used).reduce((sum, periods) => Object.values(periods).reduce((all, names) => all + Object.keys(names).filter((name) => name !== '').length, sum), 0);
}

function filtered(counts: Counts, isKept: (period: string, name: string) => boolean): Counts {
  const lines = Object.entries(counts).map(([line, periods]) => {
    const left = Object.entries(periods).map(([period, names]) => [period, Object.fromEntries(Object.entries(names).filter(([name]) => isKept(period, name)))] as const);
    return [line, Object.fromEntries(left.filter(([, names]) => Object.keys(names).length > 0))] as const;
  });
  return Object.fromEntries(lines.filter(([, periods]) => Object.keys(periods).length > 0));
}

/** Spans that touch become one, so that years of days are a few of them. */
function withToken(spans: readonly Span[], kind: Dated, token: string): readonly Span[] {
  const [before, after] = [beside(kind, token, -1), beside(kind, token, 1)];
  const touching = spans.filter(({ from, to }) => to === before || from === after);
  const from = touching.find((span) => span.to === before)?.from ?? token;
  const to = touching.find((span) => span.from === after)?.to ?? token;
  return [...spans.filter((span) => !touching.includes(span)), { from, to }];
}

function beside(kind: Dated, token: string, steps: number): string {
  if (kind === 'day') return dayOf(new Date(Date.parse(token) + steps * DAY_MS).toISOString());
  const months = Number(token.slice(0, 4)) * 12 + Number(token.slice(5)) - 1 + steps;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}
