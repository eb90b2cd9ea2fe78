import { EVENT_CONTRACTS } from '@soloist/contracts';
import { describe, expect, it } from 'vitest';
import type { CommitDraft } from '../event-log.port.js';
import { createMemoryKeyTable } from '../memory/memory-key-table.js';
import { decodeCommit } from './decode-commit.js';
import { encodeCommit } from './encode-commit.js';
import { HEADER, type HeaderPair, type StoredMessage } from './message.js';
import { outlineOf } from './outline.js';

const keys = createMemoryKeyTable('outline');
const draft: CommitDraft = {
  address: { context: 'runtime', entity: 'loop', key: '01k0000000000000000000000a' },
  id: '00112233445566778899aabbccddeeff',
  cause: null,
  actor: 'runtime',
  policy: null,
  at: '2026-01-02T03:04:05.678Z',
  traceparent: null,
  events: [
    { type: 'runtime.loop.recall-requested', data: { recallId: 'r1', query: 'what is open?', limit: 3, inputId: 'i1', dataSubject: 's1' } },
    { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: 'r1' } },
  ],
  after: { sequence: 41, hash: 'ab'.repeat(32), from: 7 },
  snapshot: false,
};

async function stored(change: Partial<Record<string, string | null>> = {}, body?: string): Promise<StoredMessage> {
  const { message } = await encodeCommit(draft, 8, keys);
  const kept = message.headers.filter(([name]) => change[name] === undefined);
  const added = Object.entries(change).flatMap(([name, value]): HeaderPair[] => (value === null || value === undefined ? [] : [[name, value]]));
  return { ...message, headers: [...kept, ...added], body: body === undefined ? message.body : Buffer.from(body), stream: 'EVENTS-0', sequence: 42 };
}

describe('the outline of a stored commit', () => {
  it('says what decoding it would say, without the keys', async () => {
    const message = await stored();
    const { events, prev, fence, hash } = await decodeCommit(message, keys);
    const outline = outlineOf(message);
    expect({ ...outline, hash: outline?.hash() }).toEqual({ types: events.map(({ type }) => type), prev, fence, hash });
    expect(prev).toBe('ab'.repeat(32));
  });

  it.each([
    ['of a type that this release does not know', { [HEADER.types]: 'runtime.loop.recall-requested.v1,runtime.loop.dreamt.v1' }, undefined],
    ['of a newer version', { [HEADER.types]: 'runtime.loop.recall-requested.v99,runtime.loop.suspended.v1' }, undefined],
    ['of another entity than its subject', { [HEADER.types]: 'governance.gate.authorized.v1,runtime.loop.suspended.v1' }, undefined],
    ['without types', { [HEADER.types]: null }, undefined],
    ['without an actor', { [HEADER.actor]: null }, undefined],
    ['with an id that is none', { [HEADER.commit]: 'NO' }, undefined],
    ['with a hash that is none', { [HEADER.prev]: 'NO' }, undefined],
    ['whose body is no JSON', {}, '[{'],
    ['whose body holds fewer events than it names', {}, '[{}]'],
  ])('there is none %s: only decoding tells what to make of it', async (_what, headers, body) => {
    expect(outlineOf(await stored(headers, body))).toBeNull();
  });

  it('there is one of every released type', () => {
    expect(EVENT_CONTRACTS.size).toBeGreaterThan(30);
    for (const [type, { version }] of EVENT_CONTRACTS) {
      const [context, entity] = type.split('.');
      const headers: HeaderPair[] = [[HEADER.commit, draft.id], [HEADER.types, `${type}.v${version}`], [HEADER.actor, 'x'], [HEADER.at, draft.at]];
      const message = { subject: `evt.hub.62.${context}.${entity}.01k0000000000000000000000a`, headers, body: Buffer.from('[{}]'), stream: 'EVENTS-0', sequence: 1 };
      expect(outlineOf(message)?.types).toEqual([type]);
    }
  });
});
