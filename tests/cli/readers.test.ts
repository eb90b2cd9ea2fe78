/** What becomes of a command whose words nobody takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const CLI = ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs'), join(ROOT, 'apps/cli/src/main.ts')];
/** More than a pipe holds (64 KiB on Linux). */
const TRAJECTORIES = 2_000;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-readers-'));
  file = join(folder, 'trajectories.jsonl');
  const written = createWriteStream(file);
  for (let number = 0; number < TRAJECTORIES; number += 1) {
    const call = { id: 'c', tool: 'send', args: { to: 'ann@acme.example', text: 'hello' } };
    const tool = { name: 'send', description: 'Sends a mail', parameters: {}, reads: 'none', effect: 'external' };
    written.write(`${JSON.stringify({ id: `t-${number}`, tools: [tool], steps: [{ role: 'user', content: 'Send "hello" to ann@acme.example' }, { role: 'assistant', content: '', calls: [call] }] })}\n`);
  }
  written.end();
  await once(written, 'finish');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a reader that stops reading is no failure: the command goes on to its end and says no word about it', async () => {
  const child = spawn(process.execPath, [...CLI, 'policy', 'replay', file], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(await told).toContain(`${TRAJECTORIES} trajectories, ${TRAJECTORIES} calls`);
  expect(await told).not.toMatch(/EPIPE|error|\bat \S+:\d+/);
  expect(code).toBe(0);
});

it.runIf(process.platform === 'linux')('words lost for want of room are a failure, said once, with what to do', async () => {
  const full = await open('/dev/full', 'w');
  try {
    const child = spawn(process.execPath, [...CLI, 'policy', 'replay', file], { cwd: ROOT, stdio: ['ignore', full.fd, 'pipe'] });
    const told = text(child.stderr as Readable);
    const [code] = await once(child, 'close');
    expect((await told).match(/cli\.output-lost/g)).toHaveLength(1);
    expect(await told).toContain('ENOSPC');
    expect(code).toBe(1);
  } finally {
    await full.close();
  }
});
