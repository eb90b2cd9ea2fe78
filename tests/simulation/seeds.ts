/** Runs ranges of seeds and remembers those that failed, so that they are run for ever after. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeedReport } from './report.js';
import { simulate, type SimulateOptions } from './simulate.js';
import { NOTHING, sumOf, tallyOf, type Tally } from './tally.js';

const KEPT_FILE = join(import.meta.dirname, 'seeds.json');

export interface RunSeedsOptions extends SimulateOptions {
  readonly onFailure?: (report: SeedReport) => void;
  readonly onSeed?: (seeds: number) => void;
  readonly stopsAtFirst?: boolean;
}

/** Seeds that failed once. */
export function keptSeeds(): readonly number[] {
  return JSON.parse(readFileSync(KEPT_FILE, 'utf8')) as number[];
}

export async function runSeeds(from: number, count: number, options: RunSeedsOptions = {}): Promise<Tally> {
  const before = process.cpuUsage();
  let sums = NOTHING;
  const { stackTraceLimit } = Error;
  // Node asks what a key is by catching errors, some ten thousand times a seed; one seed alone keeps its stacks.
  if (count > 1) Error.stackTraceLimit = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const report = await simulate(seed, options);
    sums = sumOf(sums, tallyOf(report));
    options.onSeed?.(sums.seeds);
    if (report.violation === null) continue;
    options.onFailure?.(report);
    if (options.stopsAtFirst === true) break;
  }
  Error.stackTraceLimit = stackTraceLimit;
  const { user, system } = process.cpuUsage(before);
  return { ...sums, cpuSeconds: (user + system) / 1_000_000 };
}

export function keepSeeds(failed: readonly number[]): void {
  const kept = keptSeeds();
  const all = [...new Set([...kept, ...failed])].sort((one, other) => one - other);
  if (all.length > kept.length) writeFileSync(KEPT_FILE, `${JSON.stringify(all)}\n`);
}
