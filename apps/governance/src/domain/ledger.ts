/** What the company's ledger remembers. Its rules stand in `budget.ts`. */
import type { Mode, Tags } from './budget-line.js';
import { noBooks, type DayBooks } from './day-books.js';

export interface Usage {
  readonly tokens: number;
  readonly calls: number;
  readonly minutes: number;
}

export interface Reservation extends Tags {
  readonly runId: string;
  readonly definitionVersion: string;
  readonly policyVersion: string;
  /** UTC date, `2026-11-24`. */
  readonly day: string;
  readonly micros: number;
  /** Null: not bounded, so no line in that measure lets it in. */
  readonly bounds: { readonly [M in keyof Usage]: number | null };
}

export interface LineLimit {
  readonly limit: number;
  readonly mode: Mode;
  readonly by: string;
}

export interface Ledger extends DayBooks {
  readonly currency: string | null;
  readonly limits: Readonly<Record<string, LineLimit>>;
  readonly open: readonly Reservation[];
  readonly settledRuns: readonly string[];
}

export interface Envelope extends Omit<Reservation, 'day'> {
  readonly currency: string;
}

export const emptyLedger: Ledger = { ...noBooks, currency: null, limits: {}, open: [], settledRuns: [] };
