/** A seed is worth nothing unless it shows the same thing twice. */
import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.js';

const SEEDS = 50;
/** For a machine on which much else runs. */
const PATIENCE_MS = 240_000;

describe('a seed', () => {
  it('[G14] gives the same log again, byte for byte, 50 times of 50', async () => {
    const different: number[] = [];
    const hashes = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const [once, twice] = [await simulate(seed), await simulate(seed)];
      hashes.add(once.hash);
      if (once.hash !== twice.hash || once.steps !== twice.steps) different.push(seed);
    }
    expect(different).toEqual([]);
    expect(hashes.size).toBe(SEEDS);
  }, PATIENCE_MS);
});
