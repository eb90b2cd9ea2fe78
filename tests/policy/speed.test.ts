/** How fast the policy core is. The bounds leave room for a loaded machine; the figures are printed. */
import { judgeTrajectory, readTrajectory } from '@soloist/governance/policy';
import { expect, test } from 'vitest';
import { BENIGN } from './benign-tasks.js';
import { INJECTIONS } from './injections.js';
import { byProvenance, casesOf } from './judge-corpus.js';

const ROUNDS = 6;

function judged(line: string): number {
  const reading = readTrajectory(JSON.parse(line));
  if (!reading.ok) throw new Error(reading.reason);
  return judgeTrajectory(reading.trajectory, byProvenance).length;
}

test('two thousand trajectories a second, from text to verdicts; a verdict within 50 µs at the median', () => {
  const lines = casesOf([...INJECTIONS, ...BENIGN]).map(({ recorded }) => JSON.stringify(recorded.trajectory));
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    for (const line of lines) judged(line);
    rates.push(lines.length / ((performance.now() - started) / 1_000));
  }
  const readings = lines.flatMap((line) => {
    const reading = readTrajectory(JSON.parse(line));
    return reading.ok ? [reading.trajectory] : [];
  });
  // The best of a few rounds for each: what else the machine does is no property of the code.
  const perVerdictUs = readings
    .map((trajectory) =>
      Math.min(
        ...Array.from({ length: ROUNDS }, () => {
          const started = performance.now();
          const calls = judgeTrajectory(trajectory, byProvenance).length;
          return ((performance.now() - started) * 1_000) / calls;
        }),
      ),
    )
    .sort((left, right) => left - right);
  const median = perVerdictUs[Math.floor(perVerdictUs.length / 2)] ?? Infinity;
  const p99 = perVerdictUs[Math.floor(perVerdictUs.length * 0.99)] ?? Infinity;
  process.stderr.write(`  ${Math.round(Math.max(...rates))} trajectories a second at best, ${Math.round(Math.min(...rates))} at worst; ${median.toFixed(1)} µs a verdict at the median, ${p99.toFixed(1)} at p99, sources indexed anew each\n`);
  expect(Math.max(...rates)).toBeGreaterThan(2_000);
  expect(median).toBeLessThan(50);
});
