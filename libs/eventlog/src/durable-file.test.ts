import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readIfThere, readOrWriteOnce, replaceDurably, writeOnce } from './durable-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-durable-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('durable files', () => {
  test('I1 many writers of one file end with one content, and leave nothing else behind', async () => {
    const file = join(folder, 'file');
    const contents = await Promise.all(Array.from({ length: 20 }, (_, n) => readOrWriteOnce(file, `content ${n}`)));
    expect(new Set(contents).size).toBe(1);
    expect(await readIfThere(file)).toBe(contents[0]);
    expect(await writeOnce(file, 'too late')).toBe(false);
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('I1 a replaced file holds the new content with the mode asked for; a missing one reads as null', async () => {
    const file = join(folder, 'file');
    await replaceDurably(file, 'one');
    await replaceDurably(file, 'two', 0o644);
    expect([await readIfThere(file), (await stat(file)).mode & 0o777]).toEqual(['two', 0o644]);
    expect(await readIfThere(join(folder, 'none'))).toBeNull();
  });
});
