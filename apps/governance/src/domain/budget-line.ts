/**
 * Budget lines: whom a limit holds, in which period, in which measure. `agent/desk/day/money`, `company/month/tokens`,
 * `client/<name>/lifetime/calls`, `run/lifetime/money`; the name `*` gives each name of the scope a line of its own.
 *
 * I1 a line of its own wins over the line of all names, in the same period and measure
 * I2 a run without a name in a scope is held by no line of it
 */
import type { BUDGET_MEASURES, BUDGET_MODES, BUDGET_PERIODS, BUDGET_SCOPES } from '@soloist/contracts';
import { FOREVER, monthOf, type Place } from './day-books.js';

export type Scope = (typeof BUDGET_SCOPES)[number];
export type Period = (typeof BUDGET_PERIODS)[number];
export type Measure = (typeof BUDGET_MEASURES)[number];
export type Mode = (typeof BUDGET_MODES)[number];

export interface Line {
  readonly scope: Scope;
  /** Null for company and run, `*` for every name. */
  readonly name: string | null;
  readonly period: Period;
  readonly measure: Measure;
}

/** Whom a run is booked under. */
export interface Tags {
  readonly agent: string;
  readonly feature: string | null;
  readonly workflow: string | null;
  readonly client: string | null;
}

/** Names are read again and again, and there are few of them. */
const read = new Map<string, Line>();

/** @throws Error when the name breaks the grammar: the contract has checked it */
export function lineOf(name: string): Line {
  const known = read.get(name) ?? readName(name);
  read.set(name, known);
  return known;
}

function readName(name: string): Line {
  const parts = name.split('/');
  const [scope, ...rest] = parts as [Scope, ...string[]];
  const [own, period, measure] = rest.length === 3 ? [rest[0] ?? null, rest[1], rest[2]] : [null, rest[0], rest[1]];
  if (period === undefined || measure === undefined) throw new Error(`${name} is not the name of a budget line`);
  return { scope, name: own, period: period as Period, measure: measure as Measure };
}

/** The name a run has in a scope; null when the scope does not see it. */
function nameIn(scope: Scope, tags: Tags): string | null {
  switch (scope) {
    case 'company':
    case 'run':
      return '';
    default:
      return tags[scope];
  }
}

/** Where a run's amount on a line counts; null when the line does not hold it. */
export function placeOn(lineName: string, tags: Tags, day: string): Place | null {
  const { scope, name: own, period } = lineOf(lineName);
  const name = nameIn(scope, tags);
  if (name === null || (own !== null && own !== '*' && own !== name)) return null;
  return { line: lineName, period: periodToken(period, day), name };
}

export function periodToken(period: Period, day: string): string {
  return period === 'day' ? day : period === 'month' ? monthOf(day) : FOREVER;
}

/** Whether another line stands in this one's place for the run. */
export function isOverridden(lineName: string, tags: Tags, lines: Readonly<Record<string, unknown>>): boolean {
  const { scope, name, period, measure } = lineOf(lineName);
  if (name !== '*') return false;
  return Object.hasOwn(lines, `${scope}/${nameIn(scope, tags) ?? ''}/${period}/${measure}`);
}
