/** Runs ranges of seeds and remembers those that failed, so that they are run for ever after. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFailure, type SeedReport } from './report.js';
import { simulate, type SimulateOptions } from './simulate.js';

const KEPT_FILE = join(import.meta.dirname, 'seeds.json');

export interface SeedCounts {
  readonly seeds: number;
  readonly steps: number;
  readonly virtualHours: number;
  readonly crashes: number;
  readonly stops: number;
  readonly faults: number;
  readonly commits: number;
  readonly runs: number;
  readonly mails: number;
  readonly unknown: number;
  readonly longestRestMs: number;
  readonly violations: number;
  readonly secondsPerSeed: number;
}

export interface RunSeedsOptions extends SimulateOptions {
  readonly onFailure?: (report: SeedReport) => void;
  readonly keepsFailures?: boolean;
  readonly stopsAtFirst?: boolean;
}

/** Seeds that failed once. */
export function keptSeeds(): readonly number[] {
  return JSON.parse(readFileSync(KEPT_FILE, 'utf8')) as number[];
}

export async function runSeeds(from: number, count: number, options: RunSeedsOptions = {}): Promise<SeedCounts> {
  const sums = { steps: 0, virtualHours: 0, crashes: 0, stops: 0, faults: 0, commits: 0, runs: 0, mails: 0, unknown: 0, longestRestMs: 0, violations: 0 };
  const startedMs = performance.now();
  let seeds = 0;
  const { stackTraceLimit } = Error;
  // Node asks what a key is by catching errors, some ten thousand times a seed; one seed alone keeps its stacks.
  if (count > 1) Error.stackTraceLimit = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const report = await simulate(seed, options);
    seeds += 1;
    for (const name of ['steps', 'crashes', 'stops', 'faults', 'commits', 'runs', 'mails', 'unknown'] as const) sums[name] += report[name];
    sums.longestRestMs = Math.max(sums.longestRestMs, report.longestMs);
    sums.virtualHours += report.virtualMs / 3_600_000;
    if (report.violation === null) continue;
    sums.violations += 1;
    if (options.keepsFailures === true) keep(seed);
    options.onFailure?.(report);
    if (options.stopsAtFirst === true) break;
  }
  Error.stackTraceLimit = stackTraceLimit;
  const seconds = (performance.now() - startedMs) / 1_000;
  return { seeds, ...sums, virtualHours: Math.round(sums.virtualHours), secondsPerSeed: Number((seconds / seeds).toFixed(4)) };
}

export function printFailure(report: SeedReport): void {
  process.stderr.write(`${describeFailure(report)}\n\n`);
}

function keep(seed: number): void {
  const kept = keptSeeds();
  if (!kept.includes(seed)) writeFileSync(KEPT_FILE, `${JSON.stringify([...kept, seed].sort((one, other) => one - other))}\n`);
}
