/**
 * The quick share of the chaos harness: real processes killed, stopped, cut off and lied to under load, and the power
 * cut, the full disk. The long runner is `npm run chaos`.
 */
import { powerCuts } from '@soloist/testing';
import { describe, expect, it } from 'vitest';
import { campaign } from './campaign.js';
import { diskFull } from './disk-full.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

describe('a company under fire', () => {
  it('loses nothing, sends nothing twice and comes to rest [G1] [G4] [G5] [G6] [G8] [G10] [G11] [G12] [G15] [G28]', async () => {
    const found = await campaign({
      wanted: { kills: 20, pauses: 1, cuts: 1, frames: 1, slow: 0, clocks: 1, databases: 1 },
      seed: 7,
      report,
      roundOf: 30,
      // G28 says 60 s; here other tests take their share of the machine.
      restWithinMs: 120_000,
    });
    expect(found.violations).toEqual([]);
    expect(found.kills).toBeGreaterThanOrEqual(20);
    expect([found.pauses, found.cuts, found.frames]).toEqual([1, 1, 1]);
    expect(found.runsClosed).toBeGreaterThan(0);
    expect(found.delivered).toBeGreaterThan(0);
  }, 400_000);
});

describe('power cuts [G2] [G3]', () => {
  it('lose nothing that was acknowledged', async () => {
    const found = await powerCuts({ cuts: 2, seed: 7, syncs: 'always', report });
    expect(found.violations).toEqual([]);
    expect(found.cuts).toBe(2);
    expect(found.acknowledged).toBeGreaterThan(100);
  }, 120_000);
});

// A small file system of one's own is a right of root.
describe.skipIf(process.getuid?.() !== 0)('a full disk [G21]', () => {
  it('refuses new mail and says why; when there is space again, everything goes on by itself and nothing is missing', async () => {
    const found = await diskFull();
    expect(found.refusedWith).toBe(452);
    expect(found.statusFull).toMatch(/bus: not healthy: 503 .*no space left/);
    expect(found.statusFull).toMatch(/storage: new mail is refused/);
    expect(found.doctorFull).toMatch(/new mail is refused/);
    expect(found.said.filter((line) => line.includes('part.restarted'))).toHaveLength(1);
    expect(found.findings).toEqual([]);
    expect(found.commitsAfter).toBeGreaterThan(found.commitsBefore);
    expect(found.mails).toBe(3);
  }, 300_000);
});
