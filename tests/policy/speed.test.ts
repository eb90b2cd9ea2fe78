/**
 * How much the policy core costs, beside the least that reading the same text costs on the same machine at the same time.
 * The absolute figures are printed: they are properties of a machine.
 */
import { judgeTrajectory, readTrajectory, type Trajectory } from '@soloist/governance/policy';
import { expect, test } from 'vitest';
import { BENIGN } from './benign-tasks.js';
import { INJECTIONS } from './injections.js';
import { byProvenance, casesOf } from './judge-corpus.js';

const ROUNDS = 8;
/** Times as long as `JSON.parse` alone: measured were 7 to 8, and 2,000 a second would be some 45. */
const MOST_TIMES_PARSING = 25;

const LINES = casesOf([...INJECTIONS, ...BENIGN]).map(({ recorded }) => JSON.stringify(recorded.trajectory));

function read(line: string): Trajectory {
  const reading = readTrajectory(JSON.parse(line));
  if (!reading.ok) throw new Error(reading.reason);
  return reading.trajectory;
}

function microsecondsOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return (performance.now() - started) * 1_000;
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((left, right) => left - right);
const at = (values: readonly number[], share: number): number => sorted(values)[Math.floor(values.length * share)] ?? Number.NaN;

test('a trajectory from text to verdicts costs a bounded multiple of parsing its text', () => {
  let verdicts = 0;
  const rounds = Array.from({ length: ROUNDS }, () => ({
    parsing: microsecondsOf(() => LINES.forEach((line) => JSON.parse(line))),
    judging: microsecondsOf(() => LINES.forEach((line) => (verdicts += judgeTrajectory(read(line), byProvenance).length))),
  }));
  const ratios = rounds.map(({ parsing, judging }) => judging / parsing);
  const rates = rounds.map(({ judging }) => (LINES.length / judging) * 1e6);
  const each = LINES.map(read).map((trajectory) => {
    let calls = 0;
    const took = Array.from({ length: ROUNDS }, () => microsecondsOf(() => (calls = judgeTrajectory(trajectory, byProvenance).length)));
    return Math.min(...took) / calls;
  });
  process.stderr.write(`  ${Math.round(at(rates, 0.5))} trajectories a second (${Math.round(Math.min(...rates))} to ${Math.round(Math.max(...rates))}), ${at(ratios, 0.5).toFixed(1)} times as long as parsing their text; ${at(each, 0.5).toFixed(1)} µs a verdict at the median, ${at(each, 0.99).toFixed(1)} at p99, sources indexed anew each\n`);
  expect(verdicts).toBeGreaterThan(ROUNDS * LINES.length);
  expect(Math.min(...ratios)).toBeLessThan(MOST_TIMES_PARSING);
});
