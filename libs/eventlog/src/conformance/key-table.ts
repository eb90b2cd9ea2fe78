/** What every key table must do, the keep's and the one in memory alike. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyTable } from '../event-log.port.js';

export interface KeyTableHarness {
  readonly table: KeyTable & { erase(dataSubject: string): unknown };
  /** Takes the key away as an accident does, leaving whatever else is known of the subject. */
  lose(dataSubject: string): Promise<void>;
  close(): Promise<void>;
}

const MISSING = { kind: 'transient', code: 'keep.key-missing' };

export function keyTableConformance(name: string, open: () => Promise<KeyTableHarness>): void {
  describe(name, () => {
    let harness: KeyTableHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    it('gives a subject one key of 32 bytes, and another subject another', async () => {
      const { table } = harness;
      const key = await table.keyFor('anna');
      expect(key).toHaveLength(32);
      expect(await table.keyFor('anna')).toEqual(key);
      expect(await table.existingKey('anna')).toEqual(key);
      expect(await table.keyFor('berta')).not.toEqual(key);
    });

    it('[G24] an erased subject has no key and gets none, which is an answer and no fault', async () => {
      const { table } = harness;
      await table.keyFor('anna');
      expect(await table.erase('anna')).toBe(true);
      expect(await table.existingKey('anna')).toBeNull();
      expect(await table.keyFor('anna')).toBeNull();
      expect(await table.erase('anna')).toBe(false);
      expect(await table.existingKey('anna')).toBeNull();
    });

    it('a subject that never had a key can be erased as well', async () => {
      const { table } = harness;
      expect(await table.erase('anna')).toBe(false);
      expect(await table.keyFor('anna')).toBeNull();
    });

    it('a lost key is held, never taken for erased and never made again', async () => {
      const { table, lose } = harness;
      await table.keyFor('anna');
      await lose('anna');
      for (let twice = 0; twice < 2; twice += 1) {
        await expect(table.existingKey('anna')).rejects.toMatchObject(MISSING);
        await expect(table.keyFor('anna')).rejects.toMatchObject(MISSING);
      }
      expect((await table.keyFor('berta'))?.length).toBe(32);
    });

    it('what a table knows nothing of, but something is sealed for, is held, and from then on gets no key', async () => {
      const { table } = harness;
      await expect(table.existingKey('anna')).rejects.toMatchObject(MISSING);
      await expect(table.keyFor('anna')).rejects.toMatchObject(MISSING);
    });

    it('erasing is the way out when a lost key is lost for good', async () => {
      const { table, lose } = harness;
      await table.keyFor('anna');
      await lose('anna');
      await expect(table.existingKey('anna')).rejects.toMatchObject(MISSING);
      await table.erase('anna');
      expect(await table.existingKey('anna')).toBeNull();
      expect(await table.keyFor('anna')).toBeNull();
    });

    it('an identity has one subject whatever its case, and after an erasure a new one', async () => {
      const { table } = harness;
      const id = await table.subjectFor(' Anna@Example.com ');
      expect(id).toMatch(/^[0-9a-f]{26,32}$/);
      expect(await table.subjectFor('anna@example.com')).toBe(id);
      expect(await table.subjectFor('berta@example.com')).not.toBe(id);
      await table.erase(id);
      const next = await table.subjectFor('anna@example.com');
      expect(next).not.toBe(id);
      expect(await table.keyFor(next)).toHaveLength(32);
    });

    it.each(['', '../company', 'Anna', 'a'.repeat(65), 'a.b'])('%j is no data subject', async (word) => {
      const { table } = harness;
      for (const attempt of [() => table.keyFor(word), () => table.existingKey(word)]) await expect(attempt()).rejects.toMatchObject({ kind: 'invalid', code: 'subject-invalid' });
    });
  });
}
