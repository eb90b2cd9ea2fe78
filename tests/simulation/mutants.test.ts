/** The test of the test: whoever plants one of these bugs is found out, within a bounded number of seeds. */
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';
import { describeFailure } from './report.js';
import { runSeeds } from './seeds.js';

const MOST_SEEDS = 400;
const PATIENCE_MS = 240_000;

describe('the simulation notices', () => {
  it.each(MUTANTS)(
    '$name',
    async ({ mutation, breaks }) => {
      const found: string[] = [];
      await runSeeds(1, MOST_SEEDS, { mutation, stopsAtFirst: true, onFailure: (report) => found.push(describeFailure(report)) });
      expect(found.join('\n')).toMatch(breaks);
    },
    PATIENCE_MS,
  );
});
