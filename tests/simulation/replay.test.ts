/** Whatever a run went through, its record tells the whole of it: made again from the record, every decision is the same. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC_KEY_FILE } from '@soloist/governance';
import { recordedEpisode, recordedParts } from '@soloist/host';
import { replayEpisode } from '@soloist/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicKey } from './company.js';
import { simulate } from './simulate.js';
import type { Swarm } from './world/swarm.js';
import { rulebook } from './world/terms.js';

const SEEDS = 25;
const PATIENCE_MS = 120_000;
/**
 * Two things are not on record and cannot be made again: what an ask would have cost that was never made, and how much
 * of another event stream a judge of an effect had seen.
 */
const onOneStream = (swarm: Swarm): Swarm => ({ ...swarm, streams: 1, tightBudget: false });
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-simulation-'));
  await writeFile(join(folder, PUBLIC_KEY_FILE), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a run that survived its seed', () => {
  it('[M4] [K11] [G13] is replayed from the record without a difference', async () => {
    let equal = 0;
    const differences: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { log, closedRuns } = await simulate(seed, { change: onOneStream });
      for (const runId of closedRuns) {
        const episode = await recordedEpisode(log.log, runId);
        const parts = (await recordedParts(episode, folder, {})).map((one) => (one.service.name === 'orchestrator' ? { ...one, ports: () => ({ rulebook }) } : one));
        const outcome = await replayEpisode({ source: log.log, commits: episode.commits, commands: episode.commands, parts, cut: episode.cut });
        equal += outcome.equal;
        for (const { subject, because } of outcome.divergences) differences.push(`seed ${seed}, run ${runId}, ${subject}: ${because}`);
      }
    }
    expect(differences).toEqual([]);
    expect(equal).toBeGreaterThan(SEEDS * 5);
  }, PATIENCE_MS);
});
