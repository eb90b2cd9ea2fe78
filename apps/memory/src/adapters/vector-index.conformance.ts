/** What every vector index must do; run once for each implementation, each test on an empty index. */
import { describe, expect, it } from 'vitest';
import { vectorIdOf, type VectorIndex, type VectorPoint } from '../ports/vector-index.port.js';

const id = (n: number): string => vectorIdOf(n.toString(16).padStart(32, '0'));
const point = (n: number, vector: readonly number[], payload: VectorPoint['payload'] = {}): VectorPoint => ({ id: id(n), vector, payload });
const ids = (hits: readonly { id: string }[]): string[] => hits.map((hit) => hit.id);

export function vectorIndexConformance(name: string, open: (dimensions: number) => Promise<VectorIndex>): void {
  describe(`vector index: ${name}`, () => {
    it('finds the nearest by angle, whatever the length, best first', async () => {
      const index = await open(2);
      await index.upsert([point(1, [10, 0]), point(2, [1, 1]), point(3, [0, 0.1]), point(4, [-3, 0])]);
      const hits = await index.search({ vector: [2, 0.1], limit: 3 });
      expect(ids(hits)).toEqual([id(1), id(2), id(3)]);
      const expected = [2 / Math.hypot(2, 0.1), 2.1 / Math.hypot(2, 0.1) / Math.SQRT2, 0.1 / Math.hypot(2, 0.1)];
      for (const [place, hit] of hits.entries()) expect(hit.score).toBeCloseTo(expected[place] ?? NaN, 5);
    });

    it('orders equal scores by id, in whatever order they came', async () => {
      const index = await open(2);
      await index.upsert([point(3, [1, 0]), point(1, [2, 0]), point(2, [4, 0])]);
      expect(ids(await index.search({ vector: [1, 0], limit: 2 }))).toEqual([id(1), id(2)]);
    });

    it('filters before the limit counts', async () => {
      const index = await open(2);
      await index.upsert([
        ...Array.from({ length: 20 }, (_, n) => point(n, [1, 0], { dataSubject: 'a', kind: 'amount' })),
        point(30, [0, 1], { dataSubject: 'b', kind: 'amount', year: 2026 }),
        point(31, [0, 1], { dataSubject: 'b', kind: 'date' }),
        point(32, [0, 1], {}),
      ]);
      const search = async (filter: NonNullable<Parameters<VectorIndex['search']>[0]['filter']>): Promise<string[]> => ids(await index.search({ vector: [1, 0.1], limit: 5, filter }));
      expect(await search({ must: [{ key: 'dataSubject', anyOf: ['b', 'c'] }] })).toEqual([id(30), id(31)]);
      expect(await search({ must: [{ key: 'dataSubject', anyOf: ['b'] }, { key: 'kind', anyOf: ['amount'] }] })).toEqual([id(30)]);
      expect(await search({ must: [{ key: 'year', anyOf: [2026] }] })).toEqual([id(30)]);
      expect(await search({ mustNot: [{ key: 'dataSubject', anyOf: ['a'] }, { key: 'kind', anyOf: ['date'] }] })).toEqual([id(30), id(32)]);
      expect(await search({ must: [{ key: 'dataSubject', anyOf: [] }] })).toEqual([]);
      expect(await search({ must: [{ key: 'toString', anyOf: ['a'] }] })).toEqual([]);
    });

    it('replaces a point whole and at once', async () => {
      const index = await open(2);
      await index.upsert([point(1, [1, 0], { kind: 'date', old: true })]);
      await index.upsert([point(1, [0, 1], { kind: 'amount' })]);
      await index.upsert([point(1, [0, 1], { kind: 'amount' })]);
      expect(await index.count()).toBe(1);
      expect(await index.search({ vector: [0, 1], limit: 9 })).toEqual([{ id: id(1), score: expect.closeTo(1, 5), payload: { kind: 'amount' } }]);
    });

    it('deletes what a filter fits, and never everything', async () => {
      const index = await open(2);
      await index.upsert([point(1, [1, 0], { dataSubject: 'a' }), point(2, [1, 0], { dataSubject: 'b' })]);
      await index.delete({ must: [{ key: 'dataSubject', anyOf: ['a'] }] });
      expect(ids(await index.search({ vector: [1, 0], limit: 9 }))).toEqual([id(2)]);
      expect(await index.count({ must: [{ key: 'dataSubject', anyOf: ['a'] }] })).toBe(0);
      await expect(index.delete({})).rejects.toMatchObject({ kind: 'invalid' });
      expect(await index.count()).toBe(1);
    });

    it('refuses what is no point and stores nothing of the batch', async () => {
      const index = await open(2);
      for (const wrong of [point(9, [1]), point(9, [1, Number.NaN]), point(9, [0, 0]), { ...point(9, [1, 0]), id: 'not-a-uuid' }]) {
        await expect(index.upsert([point(1, [1, 0]), wrong])).rejects.toMatchObject({ kind: 'invalid' });
      }
      await expect(index.search({ vector: [1, 2, 3], limit: 1 })).rejects.toMatchObject({ kind: 'invalid' });
      expect(await index.count()).toBe(0);
    });

    it('is not changed through what it was given or gave', async () => {
      const index = await open(2);
      const payload = { kind: 'date' };
      await index.upsert([point(1, [1, 0], payload)]);
      payload.kind = 'changed';
      const [hit] = await index.search({ vector: [1, 0], limit: 1 });
      (hit?.payload as { kind: string }).kind = 'changed';
      expect((await index.search({ vector: [1, 0], limit: 1 }))[0]?.payload).toEqual({ kind: 'date' });
    });
  });
}
