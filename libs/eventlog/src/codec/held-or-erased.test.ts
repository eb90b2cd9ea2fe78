import { describe, expect, it } from 'vitest';
import type { CommitDraft } from '../event-log.port.js';
import { createMemoryKeyTable } from '../memory/memory-key-table.js';
import { decodeCommit } from './decode-commit.js';
import { encodeCommit } from './encode-commit.js';
import type { HeaderPair, StoredMessage } from './message.js';
import { ERASED } from './sealing.js';

const keys = createMemoryKeyTable();

const DRAFT: CommitDraft = {
  address: { context: 'runtime', entity: 'loop', key: '01k0000000000000000000000a' },
  id: '00112233445566778899aabbccddeeff',
  cause: null,
  actor: 'service:runtime',
  policy: null,
  at: '2026-01-02T03:04:05.678Z',
  traceparent: null,
  events: [
    { type: 'runtime.loop.recall-requested', data: { recallId: 'r1', query: 'what is open?', limit: 3, inputId: 'i1', dataSubject: 's1' } },
    { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: 'r1' } },
  ],
  after: null,
  snapshot: false,
};

function stored(message: { subject: string; headers: readonly HeaderPair[]; body: Uint8Array }): StoredMessage {
  return { ...message, stream: 'EVENTS-0', sequence: 42 };
}

describe('what a newer release wrote', () => {
  it('is held when its type is unknown; what is malformed, or of another entity, stays poison', async () => {
    const { message } = await encodeCommit(DRAFT, 8, keys);
    const typed = (types: string) => decodeCommit(stored({ ...message, headers: message.headers.map((pair) => (pair[0] === 'Soloist-Types' ? (['Soloist-Types', types] as const) : pair)) }), keys);
    await expect(typed('runtime.loop.recall-requested.v1,runtime.loop.dreamt.v1')).rejects.toMatchObject({ kind: 'transient', code: 'log.newer-release' });
    for (const types of ['runtime.loop.recall-requested.v1,runtime.loop.dreamt', 'runtime.loop.recall-requested.v1,memory.recall.dreamt.v1', 'runtime.loop.recall-requested.v1']) {
      await expect(typed(types)).rejects.toMatchObject({ kind: 'invalid', code: 'log.bad-message' });
    }
  });
});

describe('an erased data subject', () => {
  const summed: CommitDraft = { ...DRAFT, events: [{ type: 'runtime.loop.finished', data: { outcome: 'done', summary: 'said', spentMicros: 7, steps: 1, dataSubject: 's1' } }] };

  it('[G24] gets the mark in place of what would be sealed, so that its histories can be written to their end', async () => {
    const own = createMemoryKeyTable();
    own.erase('s1');
    const { message, events } = await encodeCommit(summed, 8, own);
    expect(Buffer.from(message.body).toString()).toBe('[{"dataSubject":"s1","outcome":"done","spentMicros":7,"steps":1,"summary":{"$erased":true}}]');
    const read = await decodeCommit(stored(message), own);
    expect(read.events).toEqual([{ type: 'runtime.loop.finished', data: { outcome: 'done', summary: ERASED, spentMicros: 7, steps: 1, dataSubject: 's1' } }]);
    expect(events).toEqual(read.events);
  });

  it('an erased value that was read can be written on, in fields of any shape', async () => {
    const own = createMemoryKeyTable();
    own.erase('s1');
    const carried = { ...summed, events: [{ type: 'runtime.loop.finished', data: { outcome: 'done', summary: JSON.parse(JSON.stringify(ERASED)) as unknown, spentMicros: 7, steps: 1, dataSubject: 's1' } }] };
    expect((await encodeCommit(carried, 8, own)).message.body).toEqual((await encodeCommit(summed, 8, own)).message.body);
    const wrong = { ...carried, events: [{ type: 'runtime.loop.finished', data: { ...(carried.events[0]?.data as object), steps: ERASED } }] };
    await expect(encodeCommit(wrong, 8, own)).rejects.toMatchObject({ code: 'log.bad-draft', message: expect.stringContaining('steps') });
  });

  it('cannot be faked by a name that no key table takes: that is poison', async () => {
    const own = createMemoryKeyTable();
    const { message } = await encodeCommit(summed, 8, own);
    const body = Buffer.from(Buffer.from(message.body).toString().replace('"s1"', '"S 1"'));
    await expect(decodeCommit(stored({ ...message, body }), own)).rejects.toMatchObject({ kind: 'invalid', code: 'log.bad-message', message: expect.stringContaining('events[0].dataSubject') });
  });

  it('is not one whose key is missing: that is held', async () => {
    const own = createMemoryKeyTable();
    const { message } = await encodeCommit(summed, 8, own);
    own.lose('s1');
    await expect(decodeCommit(stored(message), own)).rejects.toMatchObject({ kind: 'transient', code: 'keep.key-missing' });
    await expect(encodeCommit(summed, 8, own)).rejects.toMatchObject({ kind: 'transient', code: 'keep.key-missing' });
  });
});
