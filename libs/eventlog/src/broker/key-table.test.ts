import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyTable } from '../event-log.port.js';
import { openKeyTable } from './key-table.js';

let keep: string;
beforeEach(async () => {
  keep = await mkdtemp(join(tmpdir(), 'soloist-keep-'));
});
afterEach(() => rm(keep, { recursive: true, force: true }));

async function keyOf(table: KeyTable, dataSubject: string): Promise<Buffer> {
  const key = await table.keyFor(dataSubject);
  if (key === null) throw new Error(`${dataSubject} was erased`);
  return Buffer.from(key);
}

describe('key table', () => {
  test('I1: many makers at once in several tables get one key', async () => {
    const tables = await Promise.all(Array.from({ length: 4 }, () => openKeyTable(keep)));
    const keys = await Promise.all(Array.from({ length: 32 }, (_, index) => keyOf(tables[index % 4] as (typeof tables)[0], 'anna')));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]?.length).toBe(32);
    expect((await readdir(join(keep, 'subjects'))).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('keys survive a new start, and are not made by looking', async () => {
    const anna = await keyOf(await openKeyTable(keep), 'anna');
    const second = await openKeyTable(keep);
    expect(Buffer.compare(anna, (await second.existingKey('anna')) as Uint8Array)).toBe(0);
    await expect(second.existingKey('carla')).rejects.toMatchObject({ code: 'keep.key-missing' });
    expect(await readdir(join(keep, 'subjects'))).not.toContain('carla.key');
  });

  test('files hold no key in the clear and have mode 0600', async () => {
    const key = await keyOf(await openKeyTable(keep), 'anna');
    const file = join(keep, 'subjects', 'anna.key');
    expect((await readFile(file)).includes(key)).toBe(false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(keep, 'company.key'))).mode & 0o777).toBe(0o600);
  });

  test('an identity has one stable subject, which tells nothing without the keep', async () => {
    const id = await (await openKeyTable(keep)).subjectFor('Anna@Example.com');
    expect(id).toMatch(/^[0-9a-f]{26}$/);
    expect(await (await openKeyTable(keep)).subjectFor('anna@example.com')).toBe(id);
    const other = await mkdtemp(join(tmpdir(), 'soloist-keep-'));
    expect(await (await openKeyTable(other)).subjectFor('anna@example.com')).not.toBe(id);
    await rm(other, { recursive: true });
  });

  test('I3: an erasure holds at once in every process, and the identity goes on as a new subject', async () => {
    const [here, there] = [await openKeyTable(keep), await openKeyTable(keep)];
    const id = await here.subjectFor('anna@example.com');
    await here.keyFor(id);
    await there.keyFor(id);
    expect(await here.erase(id)).toBe(true);
    expect(await there.existingKey(id)).toBeNull();
    expect(await there.keyFor(id)).toBeNull();
    expect(await readdir(join(keep, 'subjects'))).toEqual([`${id}.erased`]);
    const next = await there.subjectFor('anna@example.com');
    expect(next).not.toBe(id);
    expect((await keyOf(there, next)).length).toBe(32);
  });

  test('I3: the tombstone decides: a key that an interrupted erasure left behind opens nothing, and goes at the next start', async () => {
    const table = await openKeyTable(keep);
    await table.keyFor('anna');
    await writeFile(join(keep, 'subjects', 'anna.erased'), '');
    expect(await table.existingKey('anna')).toBeNull();
    expect(await table.keyFor('anna')).toBeNull();
    await openKeyTable(keep);
    expect(await readdir(join(keep, 'subjects'))).toEqual(['anna.erased']);
  });

  test('I2: a key is given out to seal with only once its subject is marked; a keep of an earlier release is marked in passing', async () => {
    const table = await openKeyTable(keep);
    const key = await keyOf(table, 'anna');
    expect((await readdir(join(keep, 'subjects'))).sort()).toEqual(['anna.issued', 'anna.key']);
    await rm(join(keep, 'subjects', 'anna.issued'));
    expect(await keyOf(await openKeyTable(keep), 'anna')).toEqual(key);
    await rm(join(keep, 'subjects', 'anna.key'));
    for (const one of [table, await openKeyTable(keep)]) {
      await expect(one.existingKey('anna')).rejects.toMatchObject({ kind: 'transient', code: 'keep.key-missing', message: expect.stringContaining('Restore the newest backup of the keep') });
      await expect(one.keyFor('anna')).rejects.toMatchObject({ code: 'keep.key-missing' });
    }
  });

  test('I3: a keep restored from a backup older than a subject erases nobody: once anything sealed for it was read, no key is made', async () => {
    await (await openKeyTable(keep)).keyFor('anna');
    for (const name of ['anna.key', 'anna.issued']) await rm(join(keep, 'subjects', name));
    const restored = await openKeyTable(keep);
    await expect(restored.existingKey('anna')).rejects.toMatchObject({ code: 'keep.key-missing' });
    await expect((await openKeyTable(keep)).keyFor('anna')).rejects.toMatchObject({ code: 'keep.key-missing' });
  });

  test('I3: with the volume gone and an empty folder in its place nothing is absent, nothing is made, and all is well once it is back', async () => {
    const table = await openKeyTable(keep);
    const key = await keyOf(table, 'anna');
    const away = `${keep}-away`;
    await rename(keep, away);
    await mkdir(join(keep, 'subjects'), { recursive: true });
    for (const attempt of [() => table.existingKey('anna'), () => table.keyFor('anna'), () => table.keyFor('berta')]) {
      await expect(attempt()).rejects.toMatchObject({ kind: 'transient', code: 'keep.unreadable' });
    }
    expect(await readdir(join(keep, 'subjects'))).toEqual([]);
    await rm(keep, { recursive: true });
    await rename(away, keep);
    expect(await table.existingKey('anna')).toEqual(new Uint8Array(key));
  });

  test.each(['keyFor', 'existingKey', 'erase', 'subjectFor'] as const)('I5: what the system refuses in %s is a fault that passes, and names no path', async (name) => {
    const table = await openKeyTable(keep);
    await rm(join(keep, 'subjects'), { recursive: true });
    await symlink('subjects', join(keep, 'subjects'));
    const fault = await table[name]('anna').then(
      () => null,
      (error: unknown) => error as Error,
    );
    expect(fault).toMatchObject({ kind: 'transient', code: 'keep.unreadable', message: expect.stringContaining('ELOOP') });
    expect(`${fault?.message} ${String(fault?.cause)}`).not.toContain(keep);
    await expect(openKeyTable(keep)).rejects.toMatchObject({ kind: 'transient', code: 'keep.unreadable' });
  });

  test('I2: a wrong company key is refused and nothing is changed', async () => {
    await (await openKeyTable(keep)).keyFor('anna');
    await writeFile(join(keep, 'company.key'), randomBytes(32).toString('hex'));
    await expect(openKeyTable(keep)).rejects.toMatchObject({ kind: 'unauthorized', code: 'company-key-wrong' });
    await rm(join(keep, 'company.sentinel'));
    await expect(openKeyTable(keep)).rejects.toMatchObject({ code: 'company-key-wrong' });
    expect(await readdir(keep)).not.toContain('company.sentinel');
  });

  test('I2: a lost company key is never made again', async () => {
    await (await openKeyTable(keep)).keyFor('anna');
    await rm(join(keep, 'company.key'));
    await expect(openKeyTable(keep)).rejects.toMatchObject({ code: 'company-key-missing' });
    expect(await readdir(keep)).not.toContain('company.key');
  });

  test('a company key that others may read, or of the wrong form, is refused', async () => {
    await openKeyTable(keep);
    await chmod(join(keep, 'company.key'), 0o644);
    await expect(openKeyTable(keep)).rejects.toMatchObject({ code: 'company-key-exposed' });
    await chmod(join(keep, 'company.key'), 0o600);
    await writeFile(join(keep, 'company.key'), 'short');
    await expect(openKeyTable(keep)).rejects.toMatchObject({ code: 'company-key-damaged' });
  });

  test('an exchanged or damaged key file is noticed', async () => {
    const table = await openKeyTable(keep);
    await table.keyFor('anna');
    await table.keyFor('berta');
    await copyFile(join(keep, 'subjects', 'anna.key'), join(keep, 'subjects', 'berta.key'));
    await expect((await openKeyTable(keep)).existingKey('berta')).rejects.toMatchObject({ kind: 'transient', code: 'subject-key-damaged' });
  });
});
