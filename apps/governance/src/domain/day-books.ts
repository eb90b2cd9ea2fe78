/**
 * What was spent on which day, of the whole company and of each agent. A day is whatever the machine's clock says when
 * money is reserved, so nothing here believes that days come one after the other.
 *
 * I1 no reservation is made on a day whose spending was forgotten, so no day ever takes more than its limit
 * I2 what is forgotten follows the order in which days were opened, never the calendar: a date far ahead closes nothing
 *    but the oldest book, and a day that was never opened is always open
 * I3 an agent's own sum is kept of the latest books only; of an older one the company's whole day counts against it
 */

/** Opened books whose sum is remembered: more days than a year has. */
const KEPT_BOOKS = 400;
/** Of these the sums of each agent as well; the snapshot carries them all and must stay a small commit. */
const DETAILED_BOOKS = 8;
const DAY_MS = 86_400_000;

export interface Book {
  /** UTC date, `2026-11-24`. */
  readonly day: string;
  readonly spentMicros: number;
}

/** Calendar days, both ends included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

export interface DayBooks {
  /** In the order they were opened. */
  readonly books: readonly Book[];
  /** Keyed by `<day>/<agent>`. */
  readonly spentByAgentDay: Readonly<Record<string, number>>;
  readonly closed: readonly Span[];
}

export const noBooks: DayBooks = { books: [], spentByAgentDay: {}, closed: [] };

export function dayOf(now: string): string {
  return new Date(Date.parse(now)).toISOString().slice(0, 10);
}

export function isClosed({ closed }: DayBooks, day: string): boolean {
  return closed.some(({ from, to }) => from <= day && day <= to);
}

/** Opens the book of a day, if it is the first reservation of it, and closes the oldest one when there are too many. */
export function openBook(state: DayBooks, day: string): DayBooks {
  if (state.books.some((book) => book.day === day)) return state;
  const books = [...state.books, { day, spentMicros: 0 }];
  const kept = books.slice(-KEPT_BOOKS);
  const detailed = new Set(kept.slice(-DETAILED_BOOKS).map((book) => book.day));
  const spentByAgentDay = Object.fromEntries(Object.entries(state.spentByAgentDay).filter(([key]) => detailed.has(key.slice(0, day.length))));
  const closed = books.slice(0, -KEPT_BOOKS).reduce<readonly Span[]>((spans, book) => withDay(spans, book.day), state.closed);
  return { books: kept, spentByAgentDay, closed };
}

/** A closed book stays as it is: nobody asks for its sum any more. */
export function bookSpending(state: DayBooks, day: string, agent: string, micros: number): DayBooks {
  if (!state.books.some((book) => book.day === day)) return state;
  const books = state.books.map((book) => (book.day === day ? { day, spentMicros: book.spentMicros + micros } : book));
  if (!isDetailed(state, day)) return { ...state, books };
  const key = `${day}/${agent}`;
  return { ...state, books, spentByAgentDay: { ...state.spentByAgentDay, [key]: (state.spentByAgentDay[key] ?? 0) + micros } };
}

/** @returns what was spent; never less than what the agent spent, at most what everybody did */
export function spentOn(state: DayBooks, day: string, agent?: string): number {
  const ofAll = state.books.find((book) => book.day === day)?.spentMicros ?? 0;
  if (agent === undefined || !isDetailed(state, day)) return ofAll;
  return state.spentByAgentDay[`${day}/${agent}`] ?? 0;
}

function isDetailed({ books }: DayBooks, day: string): boolean {
  return books.slice(-DETAILED_BOOKS).some((book) => book.day === day);
}

/** Spans that touch become one, so that years of days are a few of them. */
function withDay(spans: readonly Span[], day: string): readonly Span[] {
  const [before, after] = [beside(day, -1), beside(day, 1)];
  const touching = spans.filter(({ from, to }) => to === before || from === after);
  const from = touching.find((span) => span.to === before)?.from ?? day;
  const to = touching.find((span) => span.from === after)?.to ?? day;
  return [...spans.filter((span) => !touching.includes(span)), { from, to }];
}

function beside(day: string, days: number): string {
  return dayOf(new Date(Date.parse(day) + days * DAY_MS).toISOString());
}
