import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeyTable } from './key-table.js';

let keep: string;
beforeEach(async () => {
  keep = await mkdtemp(join(tmpdir(), 'soloist-keep-'));
});
afterEach(() => rm(keep, { recursive: true, force: true }));

describe('key table', () => {
  test('I1: many makers at once in several tables get one key', async () => {
    const tables = await Promise.all(Array.from({ length: 4 }, () => openKeyTable(keep)));
    const keys = await Promise.all(Array.from({ length: 32 }, (_, index) => (tables[index % 4] as (typeof tables)[0]).keyFor('anna')));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(keys[0]?.length).toBe(32);
    expect((await readdir(join(keep, 'subjects'))).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('keys differ by subject, survive a new start, and are not made by looking', async () => {
    const first = await openKeyTable(keep);
    const anna = await first.keyFor('anna');
    expect(Buffer.compare(anna, await first.keyFor('berta'))).not.toBe(0);
    const second = await openKeyTable(keep);
    expect(Buffer.compare(anna, (await second.existingKey('anna')) as Uint8Array)).toBe(0);
    expect(await second.existingKey('carla')).toBeNull();
    expect(await readdir(join(keep, 'subjects'))).not.toContain('carla.key');
  });

  test('files hold no key in the clear and have mode 0600', async () => {
    const key = Buffer.from(await (await openKeyTable(keep)).keyFor('anna'));
    const file = join(keep, 'subjects', 'anna.key');
    expect((await readFile(file)).includes(key)).toBe(false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(keep, 'company.key'))).mode & 0o777).toBe(0o600);
  });

  test('an identity has one stable subject whatever its case, which tells nothing without the keep', async () => {
    const table = await openKeyTable(keep);
    const id = await table.subjectFor(' Anna@Example.com ');
    expect(id).toMatch(/^[0-9a-f]{26}$/);
    expect(await (await openKeyTable(keep)).subjectFor('anna@example.com')).toBe(id);
    expect(await table.subjectFor('berta@example.com')).not.toBe(id);
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
    await expect(there.keyFor(id)).rejects.toMatchObject({ kind: 'invalid', code: 'subject-erased' });
    expect(await readdir(join(keep, 'subjects'))).toEqual([`${id}.erased`]);
    const next = await there.subjectFor('anna@example.com');
    expect(next).not.toBe(id);
    expect((await there.keyFor(next)).length).toBe(32);
    expect(await here.erase('nobody')).toBe(false);
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
    await expect((await openKeyTable(keep)).existingKey('berta')).rejects.toMatchObject({ kind: 'invalid', code: 'subject-key-damaged' });
  });

  test.each(['', '../company', 'Anna', 'a'.repeat(65), 'a.b'])('%j is no data subject', async (name) => {
    const table = await openKeyTable(keep);
    await expect(table.keyFor(name)).rejects.toMatchObject({ code: 'subject-invalid' });
  });
});
