/**
 * The whole company under swarms of faults, seed by seed, every step held against the invariants. A seed that fails is
 * printed with the command that shows it again, and kept.
 */
import { describe, expect, it } from 'vitest';
import { describeFailure } from './report.js';
import { keptSeeds, runSeeds } from './seeds.js';
import { calm } from './world/swarm.js';

const BATCH = 100;
const BATCHES = 20;
const PATIENCE_MS = 120_000;

describe('five services on a log that loses, repeats, reorders and restarts', () => {
  it.each(Array.from({ length: BATCHES }, (_, batch) => 1 + batch * BATCH))(
    '[R5] [G1] [G4] [G5] [G6] [G8] [G10] [G11] [G12] [G19] [G20] [G25] [G28] seeds from %i on break no invariant',
    async (from) => {
      const failures: string[] = [];
      const counts = await runSeeds(from, BATCH, { onFailure: (report) => failures.push(describeFailure(report)) });
      expect(failures.join('\n\n')).toBe('');
      // A world in which nothing happens breaks nothing either.
      expect(counts.runs).toBeGreaterThan(BATCH);
      expect(counts.mails).toBeGreaterThan(BATCH / 3);
      expect(counts.crashes).toBeGreaterThan(BATCH / 3);
      expect(counts.faults).toBeGreaterThan(BATCH * 3);
    },
    PATIENCE_MS,
  );

  it('seeds that failed once never do again', async () => {
    for (const seed of keptSeeds()) {
      const failures: string[] = [];
      await runSeeds(seed, 1, { onFailure: (report) => failures.push(describeFailure(report)) });
      expect(failures.join('\n')).toBe('');
    }
  }, PATIENCE_MS);

  it('without faults every question is answered or decided, and every mail approved is sent', async () => {
    const failures: string[] = [];
    const counts = await runSeeds(1, 40, { change: calm, onFailure: (report) => failures.push(describeFailure(report)) });
    expect(failures.join('\n\n')).toBe('');
    expect(counts).toMatchObject({ crashes: 0, stops: 0 });
    expect(counts.mails).toBeGreaterThan(20);
  });
});
