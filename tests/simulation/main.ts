/**
 * `npm run sim -- --seeds N [--from S] [--jobs J] [--no-keep]`: runs many seeds, shared out over processes. What fails is
 * told on stderr with the line that shows it again; stdout is one line of JSON with the counts.
 */
import { execFileSync, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { describeFailure } from './report.js';
import { keepSeeds, runSeeds } from './seeds.js';
import { NOTHING, sumOf, told, type Tally } from './tally.js';

const TELL_EVERY = 5_000;

interface Share {
  readonly from: number;
  readonly seeds: number;
}

function wholeOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`--${name} must be a whole number above 0, not ${JSON.stringify(text)}`);
  return number;
}

function sharesOf(from: number, seeds: number, jobs: number): readonly Share[] {
  const most = Math.ceil(seeds / jobs);
  return Array.from({ length: Math.ceil(seeds / most) }, (_, index) => ({ from: from + index * most, seeds: Math.min(most, seeds - index * most) }));
}

function commitId(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

async function runHere({ from, seeds }: Share, commit: string): Promise<Tally> {
  return runSeeds(from, seeds, {
    onFailure: (report) => process.stderr.write(`${describeFailure(report, commit)}\n\n`),
    onSeed: (done) => void (done % TELL_EVERY === 0 && process.stderr.write(`${done} of ${seeds} seeds from ${from} on\n`)),
  });
}

/** Another process of the same program; it ends with 1 when a seed failed, and its counts count all the same. */
function runElsewhere({ from, seeds }: Share, commit: string): Promise<Tally> {
  const args = [...process.execArgv, import.meta.filename, '--seeds', String(seeds), '--from', String(from), '--jobs', '1', '--commit', commit, '--no-keep'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      try {
        resolve(JSON.parse(text) as Tally);
      } catch {
        reject(new Error(`the process for seeds ${from} to ${from + seeds - 1} ended with ${signal ?? code} and told no counts`));
      }
    });
  });
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    commit: { type: 'string' },
    keep: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const startedMs = performance.now();
const commit = values.commit ?? commitId();
const shares = sharesOf(wholeOf('from', values.from), wholeOf('seeds', values.seeds), wholeOf('jobs', values.jobs));
const [only] = shares;
const tallies = shares.length === 1 && only !== undefined ? [await runHere(only, commit)] : await Promise.all(shares.map((share) => runElsewhere(share, commit)));
const counts = told(tallies.reduce(sumOf, NOTHING));
if (values.keep) keepSeeds(counts.failingSeeds);
process.stdout.write(`${JSON.stringify({ ...counts, commit, wallSeconds: Math.round((performance.now() - startedMs) / 1_000) })}\n`);
process.exitCode = counts.violations === 0 ? 0 : 1;
