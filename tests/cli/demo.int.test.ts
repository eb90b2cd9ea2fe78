/** The demo as an operator runs it, in a network of its own where the machine allows one: there is nothing outside to reach. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type Told } from './fake-instance.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SILENT = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] as const;
const hasNetworkNamespaces = spawnSync(SILENT[0], [...SILENT.slice(1), 'true']).status === 0;

type Line = Readonly<Record<string, unknown>> & { readonly type: string };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-demo-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function lines(told: Told): readonly Line[] {
  return told.stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line);
}

function finished(told: Told): Line {
  expect(told.code, `${told.stdout.slice(-2_000)}\n${told.stderr}`).toBe(0);
  return lines(told).at(-1) as Line;
}

const COUNTS = { type: 'demo.finished', mailsSent: 1, gates: 1, replayedEffects: 0, replayedModelCalls: 0, divergences: 0 };

describe('soloist demo', () => {
  it('--yes ends with one mail sent after one decision, a replay without effects, and nothing left behind', async () => {
    const told = await runCli(['demo', '--yes', '--json'], { env: { TMPDIR: folder } });
    expect(finished(told)).toMatchObject(COUNTS);
    expect(lines(told).find(({ type }) => type === 'demo.gate')).toMatchObject({ gate: { args: { text: expect.stringContaining('95 EUR') as string } } });
    expect((await readdir(folder)).filter((name) => name.startsWith('soloist-demo-'))).toEqual([]);
  });

  it.skipIf(!hasNetworkNamespaces)('--yes does all that where there is no network but loopback (NOT RUN without the right to make a network namespace)', async () => {
    const flags = ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs'), join(ROOT, 'apps/cli/src/main.ts')];
    const told = await new Promise<Told>((done) => {
      execFile(SILENT[0], [...SILENT.slice(1), process.execPath, ...flags, 'demo', '--yes', '--json'], { cwd: ROOT, env: { ...process.env, TMPDIR: folder } }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
    expect(finished(told)).toMatchObject(COUNTS);
  });

  it('without --yes it sends nothing, waits with exit code 7, and the command it prints sends exactly one mail', async () => {
    const env = { SOLOIST_DATA_DIR: join(folder, 'data') };
    try {
      const told = await runCli(['demo', '--keep', '--json'], { env });
      expect(told.code, told.stderr).toBe(7);
      const waiting = lines(told).at(-1) as Line & { gateId: string; digest: string };
      expect(waiting.type).toBe('demo.waiting');
      const outside = async (): Promise<readonly unknown[]> => (JSON.parse((await runCli(['mail', 'list', '--json'], { env })).stdout) as { mails: unknown[] }).mails;
      expect(await outside()).toEqual([]);
      expect((await runCli(['gate', 'approve', waiting.gateId, '--digest', waiting.digest], { env })).code).toBe(0);
      const deadline = Date.now() + 20_000;
      while ((await outside()).length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await outside()).toHaveLength(1);
      // Deciding again changes nothing.
      expect((await runCli(['gate', 'approve', waiting.gateId, '--digest', waiting.digest], { env })).code).toBe(0);
      expect(await outside()).toHaveLength(1);
    } finally {
      expect((await runCli(['down'], { env })).code).toBe(0);
    }
  });
});
