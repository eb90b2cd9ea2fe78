/** Sums over many seeds: what was tried, what befell it, and what must be 0. */
import type { SeedReport } from './report.js';

const SUMMED = ['steps', 'commits', 'crashes', 'stops', 'faults', 'runs', 'mails', 'unknown', 'programs', 'lost', 'doubled', 'stuck'] as const;

export interface Tally extends Readonly<Record<(typeof SUMMED)[number], number>> {
  readonly seeds: number;
  readonly simulatedSeconds: number;
  readonly faultsByKind: Readonly<Record<string, number>>;
  readonly runsClosed: number;
  readonly longestRestMs: number;
  readonly violations: number;
  readonly failingSeeds: readonly number[];
  /** CPU time of the processes that ran the seeds. */
  readonly cpuSeconds: number;
}

export const NOTHING: Tally = {
  ...(Object.fromEntries(SUMMED.map((name) => [name, 0])) as Record<(typeof SUMMED)[number], number>),
  seeds: 0,
  simulatedSeconds: 0,
  faultsByKind: {},
  runsClosed: 0,
  longestRestMs: 0,
  violations: 0,
  failingSeeds: [],
  cpuSeconds: 0,
};

export function tallyOf(report: SeedReport): Tally {
  const { violation, seed } = report;
  return {
    ...(Object.fromEntries(SUMMED.map((name) => [name, report[name]])) as Record<(typeof SUMMED)[number], number>),
    seeds: 1,
    simulatedSeconds: report.virtualMs / 1_000,
    faultsByKind: Object.fromEntries(report.faultsByKind),
    runsClosed: report.closedRuns.length,
    longestRestMs: report.longestMs,
    violations: violation === null ? 0 : 1,
    failingSeeds: violation === null ? [] : [seed],
    cpuSeconds: 0,
  };
}

export function sumOf(one: Tally, other: Tally): Tally {
  const faultsByKind: Record<string, number> = { ...one.faultsByKind };
  for (const [kind, count] of Object.entries(other.faultsByKind)) faultsByKind[kind] = (faultsByKind[kind] ?? 0) + count;
  return {
    ...(Object.fromEntries(SUMMED.map((name) => [name, one[name] + other[name]])) as Record<(typeof SUMMED)[number], number>),
    seeds: one.seeds + other.seeds,
    simulatedSeconds: one.simulatedSeconds + other.simulatedSeconds,
    faultsByKind,
    runsClosed: one.runsClosed + other.runsClosed,
    longestRestMs: Math.max(one.longestRestMs, other.longestRestMs),
    violations: one.violations + other.violations,
    failingSeeds: [...one.failingSeeds, ...other.failingSeeds].sort((left, right) => left - right),
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
  };
}

/** As it is printed: whole numbers, kinds in order. */
export function told(tally: Tally): Tally {
  const kinds = Object.entries(tally.faultsByKind).sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...tally, simulatedSeconds: Math.round(tally.simulatedSeconds), cpuSeconds: Math.round(tally.cpuSeconds), faultsByKind: Object.fromEntries(kinds) };
}
