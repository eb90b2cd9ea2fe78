import { describe, expect, it } from 'vitest';
import { AgentName, BlobRef, Currency, Digest, Id, Micros, Timestamp, VersionHash } from './scalars.js';

describe('scalars', () => {
  it.each([
    ['an id', Id, ['a', '01k0', 'a-b', 'x'.repeat(64)], ['', 'A', 'a.b', 'a b', 'x'.repeat(65), 'é']],
    ['a digest', Digest, ['0'.repeat(64)], ['0'.repeat(63), 'G'.repeat(64), 'A'.repeat(64)]],
    ['a version', VersionHash, ['0123456789abcdef'], ['0123', '0123456789ABCDEF']],
    ['an agent name', AgentName, ['assistant', 'a1-b'], ['1a', '-a', 'A', 'a'.repeat(49)]],
    ['a currency', Currency, ['USD'], ['usd', 'US', 'USDT']],
    ['money', Micros, [0, 1_000_000], [-1, 0.5, NaN]],
    ['a time', Timestamp, ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678Z'], ['2026-01-02', '2026-01-02T03:04:05+02:00', 'now']],
  ] as const)('%s takes its own form only', (_, schema, good, bad) => {
    for (const value of good) expect(schema.safeParse(value).success, String(value)).toBe(true);
    for (const value of bad) expect(schema.safeParse(value).success, String(value)).toBe(false);
  });

  it('a blob reference has at least one chunk and nothing besides', () => {
    const ref = { owner: 'runtime', sha256: '0'.repeat(64), bytes: 0, chunks: 1 };
    expect(BlobRef.safeParse(ref).success).toBe(true);
    expect(BlobRef.safeParse({ ...ref, chunks: 0 }).success).toBe(false);
    expect(BlobRef.safeParse({ ...ref, key: 'x' }).success).toBe(false);
  });
});
