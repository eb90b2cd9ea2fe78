import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_COUNT, bucketOf, bucketToken } from './bucket.js';

/** Published test vectors of 32-bit FNV-1a (Noll's `test_fnv.c`), modulo 64. */
const PUBLISHED: readonly (readonly [string, number])[] = [
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['b', 0xe70c2de5],
  ['c', 0xe60c2c52],
  ['fo', 0x6222e842],
  ['foo', 0xa9f37ed7],
  ['foob', 0x3f5076ef],
  ['fooba', 0x39aaa18a],
  ['foobar', 0xbf9cf968],
  ['chongo was here!\n', 0xd49930d5],
];

describe('the bucket of a key', () => {
  it.each(PUBLISHED)('of %j follows the published FNV-1a value', (key, hash) => {
    expect(bucketOf(key)).toBe(hash % BUCKET_COUNT);
  });

  it('is pinned for keys as they occur: changing it would migrate the whole log', () => {
    const keys = ['company', 'halt-0', 'halt-1', '01k0000000000000000000000a', '00112233445566778899aabbccddeeff'];
    expect(keys.map((key) => `${key} ${bucketToken(bucketOf(key))}`)).toMatchInlineSnapshot(`
      [
        "company 60",
        "halt-0 31",
        "halt-1 12",
        "01k0000000000000000000000a 62",
        "00112233445566778899aabbccddeeff 41",
      ]
    `);
  });

  it('lies in its range and spreads', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,64}$/), (key) => {
        const bucket = bucketOf(key);
        seen.add(bucket);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(BUCKET_COUNT);
        expect(bucketToken(bucket)).toMatch(/^[0-6][0-9]$/);
      }),
      { numRuns: 2_000 },
    );
    expect(seen.size).toBe(BUCKET_COUNT);
  });

  it('of a key outside ASCII is a defect of the caller', () => {
    expect(() => bucketOf('ключ')).toThrow(RangeError);
  });
});
