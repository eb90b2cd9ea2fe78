import { event, type EventContract } from '@soloist/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CommitDraft } from '../event-log.port.js';
import { createMemoryKeyTable } from '../memory/memory-key-table.js';
import { commitHash } from './commit-hash.js';
import { decodeCommit } from './decode-commit.js';
import { encodeCommit } from './encode-commit.js';
import type { HeaderPair, StoredMessage } from './message.js';
import { ERASED, isErased, isSealedField, seal, unseal } from './sealing.js';

const keys = createMemoryKeyTable('golden');

const DRAFT: CommitDraft = {
  address: { context: 'runtime', entity: 'loop', key: '01k0000000000000000000000a' },
  id: '00112233445566778899aabbccddeeff',
  cause: 'ffeeddccbbaa99887766554433221100',
  actor: 'service:runtime',
  policy: '0123456789abcdef',
  at: '2026-01-02T03:04:05.678Z',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  events: [
    { type: 'runtime.loop.recall-requested', data: { recallId: 'r1', query: 'what is open?', limit: 3, inputId: 'i1', dataSubject: 's1' } },
    { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: 'r1' } },
  ],
  after: { sequence: 41, hash: 'ab'.repeat(32), from: 7 },
  snapshot: false,
};

function stored(message: { subject: string; headers: readonly HeaderPair[]; body: Uint8Array }, sequence = 42): StoredMessage {
  return { ...message, stream: 'EVENTS-0', sequence };
}

describe('the stored form', () => {
  it('is pinned, byte for byte: what one release wrote, every later one reads', async () => {
    const { message, hash } = await encodeCommit(DRAFT, 8, keys);
    expect(message.subject).toBe('evt.hub.62.runtime.loop.01k0000000000000000000000a');
    expect(message.headers).toMatchInlineSnapshot(`
      [
        [
          "Soloist-Commit",
          "00112233445566778899aabbccddeeff",
        ],
        [
          "Soloist-Types",
          "runtime.loop.recall-requested.v1,runtime.loop.suspended.v1",
        ],
        [
          "Soloist-Cause",
          "ffeeddccbbaa99887766554433221100",
        ],
        [
          "Soloist-Actor",
          "service:runtime",
        ],
        [
          "Soloist-Policy",
          "0123456789abcdef",
        ],
        [
          "Soloist-Prev",
          "abababababababababababababababababababababababababababababababab",
        ],
        [
          "Soloist-From",
          "7",
        ],
        [
          "Soloist-At",
          "2026-01-02T03:04:05.678Z",
        ],
        [
          "traceparent",
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ],
        [
          "Nats-Expected-Last-Subject-Sequence",
          "41",
        ],
      ]
    `);
    expect(Buffer.from(message.body).toString()).toMatchInlineSnapshot(`"[{"dataSubject":"s1","inputId":"i1","limit":3,"query":{"$sealed":"wmAo_IMURmqN9gEHDiit9nRdukjKPVLlHZSxgYQ8Zf7zxar1rw59AwTfkA"},"recallId":"r1"},{"id":"r1","waitingFor":"recall"}]"`);
    expect(hash).toMatchInlineSnapshot(`"815d8222ea93a491c9ca592a274520517cf24311e36fd3f1b6df94ba5f126527"`);
  });

  it('reads as it was written', async () => {
    const { message, hash } = await encodeCommit(DRAFT, 8, keys);
    expect(await decodeCommit(stored(message), keys)).toMatchObject({
      id: DRAFT.id,
      cause: DRAFT.cause,
      actor: DRAFT.actor,
      policy: DRAFT.policy,
      at: DRAFT.at,
      traceparent: DRAFT.traceparent,
      prev: DRAFT.after?.hash,
      from: 7,
      hash,
      events: DRAFT.events,
    });
  });

  it('names where a cold read starts, unless that is the commit itself', async () => {
    const first = await encodeCommit({ ...DRAFT, after: null }, 8, keys);
    const snapshot = await encodeCommit({ ...DRAFT, snapshot: true }, 8, keys);
    for (const { message } of [first, snapshot]) expect((await decodeCommit(stored(message), keys)).from).toBe(42);
  });
});

describe('the hash', () => {
  it('covers subject, body and every header of ours but the hint, and none of the broker', async () => {
    const { message, hash } = await encodeCommit(DRAFT, 8, keys);
    const changes: readonly HeaderPair[] = message.headers.map(([name]) => [name, 'x'] as const);
    for (const [name, value] of changes) {
      const headers = message.headers.map((pair) => (pair[0] === name ? ([name, value] as const) : pair));
      const isCovered = name !== 'Soloist-From' && !name.startsWith('Nats-');
      expect(commitHash({ ...message, headers }) !== hash, name).toBe(isCovered);
    }
    expect(commitHash({ ...message, headers: [...message.headers, ['Soloist-Unknown', 'x']] })).not.toBe(hash);
    expect(commitHash({ ...message, headers: message.headers.toReversed() })).toBe(hash);
    expect(commitHash({ ...message, subject: `${message.subject}x` })).not.toBe(hash);
    expect(commitHash({ ...message, body: Buffer.from('[]') })).not.toBe(hash);
  });
});

describe('an older version of an event', () => {
  const V1 = z.strictObject({ who: z.string(), dataSubject: z.string() });
  const V2 = z.strictObject({ person: z.string(), kind: z.string(), dataSubject: z.string() });
  const before = new Map<string, EventContract>([['runtime.loop.met', event(1, V1, { personal: ['who'] })]]);
  const after = new Map<string, EventContract>([
    ['runtime.loop.met', event(2, V2, {
      personal: ['person'],
      upcast: (data, fromVersion) => {
        const { who, dataSubject } = data as z.output<typeof V1>;
        return { person: who, kind: `v${fromVersion}`, dataSubject };
      },
    })],
  ]);
  const draft: CommitDraft = { ...DRAFT, events: [{ type: 'runtime.loop.met', data: { who: 'Ada', dataSubject: 's2' } }] };

  it('is opened and lifted', async () => {
    const { message } = await encodeCommit(draft, 8, keys, before);
    expect((await decodeCommit(stored(message), keys, after)).events[0]?.data).toEqual({ person: 'Ada', kind: 'v1', dataSubject: 's2' });
  });

  it('is lifted with its erased fields, which stay erased', async () => {
    const own = createMemoryKeyTable();
    const { message } = await encodeCommit(draft, 8, own, before);
    own.erase('s2');
    expect((await decodeCommit(stored(message), own, after)).events[0]?.data).toEqual({ person: ERASED, kind: 'v1', dataSubject: 's2' });
  });

  it('without an upcast, or with one that fails, is a fault', async () => {
    const { message } = await encodeCommit(draft, 8, keys, before);
    const none = new Map([['runtime.loop.met', event(2, V2)]]);
    await expect(decodeCommit(stored(message), keys, none)).rejects.toMatchObject({ code: 'log.bad-message', message: expect.stringContaining('no upcast') });
    const failing = new Map([['runtime.loop.met', event(2, V2, { upcast: () => { throw new Error('no'); } })]]);
    await expect(decodeCommit(stored(message), keys, failing)).rejects.toMatchObject({ code: 'log.bad-message' });
  });

  it('from a newer release is held, not taken for poison', async () => {
    const { message } = await encodeCommit({ ...draft, events: [{ type: 'runtime.loop.met', data: { person: 'Ada', kind: 'k', dataSubject: 's2' } }] }, 8, keys, after);
    await expect(decodeCommit(stored(message), keys, before)).rejects.toMatchObject({ kind: 'transient', code: 'log.newer-release', retryAfterMs: 300_000, message: expect.stringMatching(/version 2.*up to 1/) });
  });
});

describe('a draft', () => {
  it.each([
    ['an actor with a line feed', { actor: 'a\nSoloist-Cause: forged' }, 'Soloist-Actor'],
    ['an actor in another script', { actor: 'оператор' }, 'Soloist-Actor'],
    ['an id that is no id', { id: 'Not An Id' }, 'field id'],
    ['no event', { events: [] }, 'field events'],
    ['a sequence that is none', { after: { sequence: -1, hash: 'a'.repeat(64), from: 1 } }, 'after.sequence'],
    ['an episode of another run', { fence: { kind: 'episode', runId: 'other', sequence: 1 } as const }, 'fence.runId'],
    ['half a surrogate', { events: [{ type: 'runtime.loop.model-failed', data: { askId: 'a', faultKind: 'x', code: 'x', because: '\ud800' } }] }, 'events'],
  ])('with %s is refused, the field named', async (_, change, field) => {
    await expect(encodeCommit({ ...DRAFT, ...change }, 8, keys)).rejects.toMatchObject({ kind: 'invalid', code: 'log.bad-draft', message: expect.stringContaining(field) });
  });

  it('of a type this release does not know is refused', async () => {
    await expect(encodeCommit({ ...DRAFT, events: [{ type: 'runtime.loop.dreamt', data: {} }] }, 8, keys)).rejects.toMatchObject({ kind: 'invalid', code: 'log.bad-draft' });
  });
});

describe('sealing', () => {
  const key = Buffer.alloc(32, 7);
  const place = { domain: 'field', parts: ['type', 'field', 'commit/0'] } as const;

  it('opens in its own place under its own key only', () => {
    const sealed = seal(key, place, Buffer.from('secret'));
    expect(unseal(key, place, sealed)?.toString()).toBe('secret');
    expect(unseal(Buffer.alloc(32, 8), place, sealed)).toBeNull();
    expect(unseal(key, { ...place, parts: ['type', 'field', 'commit/1'] }, sealed)).toBeNull();
    expect(unseal(key, { ...place, domain: 'blob' }, sealed)).toBeNull();
    expect(unseal(key, place, sealed.subarray(1))).toBeNull();
    expect(unseal(key, place, Buffer.alloc(3))).toBeNull();
    const flipped = Buffer.from(sealed);
    flipped[14] = (flipped[14] ?? 0) ^ 1;
    expect(unseal(key, place, flipped)).toBeNull();
  });

  it('draws another nonce for another plaintext, and for another place', () => {
    const nonces = [
      seal(key, place, Buffer.from('a')),
      seal(key, place, Buffer.from('b')),
      seal(key, { ...place, parts: ['type', 'field', 'commit/1'] }, Buffer.from('a')),
      seal(key, { ...place, parts: ['type', 'other', 'commit/0'] }, Buffer.from('a')),
    ].map((sealed) => sealed.subarray(0, 12).toString('hex'));
    expect(new Set(nonces).size).toBe(4);
    expect(seal(key, place, Buffer.from('a')).equals(seal(key, place, Buffer.from('a')))).toBe(true);
  });

  it('knows its marks', () => {
    expect(isSealedField({ $sealed: 'x' })).toBe(true);
    expect([null, 'x', { $sealed: 1 }, { $sealed: 'x', more: 1 }].some(isSealedField)).toBe(false);
    expect(isErased(ERASED)).toBe(true);
    expect([null, {}, { $erased: 'yes' }].some(isErased)).toBe(false);
  });
});
