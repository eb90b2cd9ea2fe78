import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

it('a program that uses the test kit ends with the exit code it has set: a campaign that found something must fail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'soloist-exit-'));
  try {
    const program = join(folder, 'program.mjs');
    writeFileSync(program, `await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});\nprocess.exitCode = 3;\n`);
    const args = ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs'), program];
    expect(spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })).toMatchObject({ status: 3, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
