import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCredentials, readSeed } from './credentials.js';
import { BROKER_USERS } from './manifest.js';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'soloist-seeds-'));
  folder = join(root, 'credentials');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('broker credentials', () => {
  test('each user has an own identity, kept over starts, mode 0600 in a folder of 0700', async () => {
    const first = await openCredentials(folder);
    const second = await openCredentials(folder);
    expect(second.publicKeys).toEqual(first.publicKeys);
    expect(new Set(Object.values(first.publicKeys)).size).toBe(BROKER_USERS.length);
    for (const user of BROKER_USERS) expect((await stat(first.seedFile(user))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await readdir(folder)).sort()).toEqual(BROKER_USERS.map((user) => `${user}.nk`).sort());
  });

  test('two first starts at once agree on every identity', async () => {
    const [one, two] = await Promise.all([openCredentials(folder), openCredentials(folder)]);
    expect(two.publicKeys).toEqual(one.publicKeys);
  });

  test.each([0o640, 0o604, 0o660])('a seed file of mode %o is refused with what to do, and without the seed', async (mode) => {
    const { seedFile } = await openCredentials(folder);
    const seed = await readFile(seedFile('ops'), 'utf8');
    await chmod(seedFile('ops'), mode);
    const error = await readSeed(seedFile('ops')).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ kind: 'unauthorized', code: 'seed-exposed' });
    expect((error as Error).message).toContain(`chmod 600 ${seedFile('ops')}`);
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(seed);
  });

  test('a folder that others may read is refused', async () => {
    await openCredentials(folder);
    await chmod(folder, 0o755);
    await expect(openCredentials(folder)).rejects.toMatchObject({ code: 'seed-exposed' });
  });

  test('a missing or damaged seed is named and never replaced', async () => {
    const { seedFile } = await openCredentials(folder);
    await expect(readSeed(join(folder, 'nobody.nk'))).rejects.toMatchObject({ code: 'seed-missing' });
    await writeFile(seedFile('ops'), 'not a seed');
    await expect(openCredentials(folder)).rejects.toMatchObject({ code: 'seed-unreadable' });
    expect(await readFile(seedFile('ops'), 'utf8')).toBe('not a seed');
  });
});
