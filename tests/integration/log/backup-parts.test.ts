/** What lies in which part of a backup, of a folder that holds just enough; the drill does it with a real company. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostPaths } from '@soloist/host/installation';
import { backup, restore } from '@soloist/host/log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-parts-'));
  const paths = hostPaths(join(folder, 'company'));
  for (const at of [join(paths.keep, 'credentials'), join(paths.keep, 'subjects'), paths.secrets, join(paths.bus, 'js', 'jetstream'), paths.mailbox]) await mkdir(at, { recursive: true });
  const files: readonly (readonly [string, string])[] = [
    [join(paths.keep, 'streams.json'), '{}'],
    [join(paths.keep, 'signed-heads.jsonl'), ''],
    [join(paths.keep, 'company.key'), 'the key of the company'],
    [join(paths.keep, 'credentials', 'runtime.nk'), 'a seed'],
    [join(paths.keep, 'subjects', 'one'), 'the key of a person'],
    [join(paths.secrets, 'api-token'), 'a token'],
    [join(paths.bus, 'js', 'jetstream', '1.blk'), 'the log'],
  ];
  for (const [file, content] of files) await writeFile(file, content, { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function contentsOf(part: string): Promise<string> {
  const entries = await readdir(part, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

describe('a backup', () => {
  test('[G24] holds no key beside the log: a person who loses theirs is forgotten by every copy of the log', async () => {
    await backup(hostPaths(join(folder, 'company')), join(folder, 'backup'));
    const log = await contentsOf(join(folder, 'backup', 'log'));
    expect(log).toContain('the log');
    for (const secret of ['the key of the company', 'the key of a person', 'a seed', 'a token']) {
      expect(log).not.toContain(secret);
      expect(await contentsOf(join(folder, 'backup', 'keys'))).toContain(secret);
    }
  });

  test('[G27] that is restored begins another life: its incarnation is raised, once for each restore', async () => {
    await backup(hostPaths(join(folder, 'company')), join(folder, 'backup'));
    const second = hostPaths(join(folder, 'second'));
    expect(await restore(second, join(folder, 'backup'), null)).toMatchObject({ incarnation: 2 });
    await backup(second, join(folder, 'backup-of-the-second'));
    expect(await restore(hostPaths(join(folder, 'third')), join(folder, 'backup-of-the-second'), null)).toMatchObject({ incarnation: 3 });
    expect(await readFile(join(folder, 'third', 'keep', 'incarnation'), 'utf8')).toBe('3\n');
  });
});
