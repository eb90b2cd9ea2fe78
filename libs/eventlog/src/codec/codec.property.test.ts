import type { AnyEvent } from '@soloist/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Commit, CommitDraft } from '../event-log.port.js';
import { createMemoryKeyTable } from '../memory/memory-key-table.js';
import { checkChain } from './chain.js';
import { decodeCommit } from './decode-commit.js';
import { encodeCommit } from './encode-commit.js';
import { isErased } from './sealing.js';

const text = fc.string({ unit: 'binary', maxLength: 200 }).map((value) => value.toWellFormed());
const id = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
/** JSON has no -0, and a contract drops a member called __proto__. */
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as unknown);
const jsonObject = fc.dictionary(fc.stringMatching(/^[a-zA-Z $.]{1,12}$/), json, { maxKeys: 5, noNullPrototype: true });
const count = fc.integer({ min: 0, max: 1_000_000 });

const loopEvent: fc.Arbitrary<AnyEvent> = fc.oneof(
  fc.record({ type: fc.constant('runtime.loop.suspended'), data: fc.record({ waitingFor: fc.constantFrom('recall', 'effect'), id }) }),
  fc.record({
    type: fc.constant('runtime.loop.recall-requested'),
    data: fc.record({ recallId: id, query: text, limit: count, inputId: id, dataSubject: id }),
  }),
  fc.record({
    type: fc.constant('runtime.loop.effect-requested'),
    data: fc.record({
      effectId: id,
      callId: text,
      epoch: fc.integer({ min: 1, max: 1_000 }),
      action: text,
      args: jsonObject,
      digest,
      effectClass: fc.constantFrom('read-only', 'natural', 'keyed', 'check-first', 'never'),
      trust: fc.constantFrom('owner', 'verified-internal', 'third-party-text', 'unknown'),
      dataSubject: id,
    }),
  }),
  fc.record({
    type: fc.constant('runtime.loop.model-answered'),
    data: fc.record({
      askId: id,
      model: text,
      rehearsal: fc.boolean(),
      text,
      toolCalls: fc.array(fc.record({ callId: text, tool: text, args: jsonObject }), { maxLength: 3 }),
      finishReason: text,
      inputTokens: count,
      outputTokens: count,
      costMicros: count,
      dataSubject: id,
    }),
  }),
);

const draft: fc.Arbitrary<CommitDraft> = fc.record({
  address: fc.record({ context: fc.constant('runtime' as const), entity: fc.constant('loop'), key: id }),
  id,
  cause: fc.option(id),
  actor: fc.stringMatching(/^[!-~]{1,40}$/),
  policy: fc.option(fc.stringMatching(/^[0-9a-f]{16}$/)),
  at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  traceparent: fc.option(fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')),
  events: fc.array(loopEvent, { minLength: 1, maxLength: 4 }),
  after: fc.option(fc.record({ sequence: fc.integer({ min: 1, max: 1e9 }), hash: digest, from: fc.integer({ min: 1, max: 1e9 }) })),
  snapshot: fc.boolean(),
});

async function roundTrip(value: CommitDraft, sequence = 2e9): Promise<Commit> {
  const keys = createMemoryKeyTable();
  const { message } = await encodeCommit(value, 8, keys);
  return decodeCommit({ ...message, stream: 'EVENTS-0', sequence }, keys);
}

describe('the codec', () => {
  it('reads what it wrote', async () => {
    await fc.assert(
      fc.asyncProperty(draft, async (value) => {
        const commit = await roundTrip(value);
        const { id: commitId, cause, actor, policy, at, traceparent, events, prev } = commit;
        expect({ id: commitId, cause, actor, policy, at, traceparent, events, prev }).toEqual({
          id: value.id,
          cause: value.cause,
          actor: value.actor,
          policy: value.policy,
          at: value.at,
          traceparent: value.traceparent,
          events: value.events,
          prev: value.after?.hash ?? null,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('writes the same bytes each time, whatever the order of members [G5]', async () => {
    await fc.assert(
      fc.asyncProperty(draft, async (value) => {
        const shuffled = { ...value, events: value.events.map(({ type, data }) => ({ data: reversed(data), type })) };
        const [first, second] = [await encodeCommit(value, 8, createMemoryKeyTable()), await encodeCommit(shuffled, 8, createMemoryKeyTable())];
        expect(Buffer.from(second.message.body).equals(first.message.body)).toBe(true);
        expect(second.hash).toBe(first.hash);
      }),
      { numRuns: 100 },
    );
  });

  it('leaves no personal text in clear, and reads it as erased once the key is lost', async () => {
    await fc.assert(
      fc.asyncProperty(draft, fc.stringMatching(/^[a-z]{24}$/), async (value, canary) => {
        const keys = createMemoryKeyTable();
        const events = [{ type: 'runtime.loop.recall-requested', data: { recallId: 'r', query: canary, limit: 1, inputId: 'i', dataSubject: 'forgotten' } }];
        const { message } = await encodeCommit({ ...value, events }, 8, keys);
        expect(Buffer.from(message.body).includes(canary)).toBe(false);
        keys.erase('forgotten');
        const commit = await decodeCommit({ ...message, stream: 'EVENTS-0', sequence: 2e9 }, keys);
        expect(isErased((commit.events[0]?.data as { query: unknown }).query)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses any flipped bit of a sealed commit, or its hash differs', async () => {
    await fc.assert(
      fc.asyncProperty(draft, fc.nat(), async (value, place) => {
        const keys = createMemoryKeyTable();
        const { message, hash } = await encodeCommit(value, 8, keys);
        const body = Buffer.from(message.body);
        body[place % body.length] = (body[place % body.length] ?? 0) ^ (1 << (place % 8));
        const read = await decodeCommit({ ...message, body, stream: 'EVENTS-0', sequence: 2e9 }, keys).catch((error: { code?: string }) => error);
        // A flipped data subject is one whose key nobody has.
        if ('code' in read) expect(read.code).toMatch(/^(log\.bad-message|keep\.key-missing)$/);
        else expect((read as Commit).hash).not.toBe(hash);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the chain', () => {
  it('of n commits is refused with any one of them left out, doubled or moved [G4]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.nat(), fc.constantFrom('drop', 'double', 'swap'), async (length, place, change) => {
        const chain = await chainOf(length);
        const head = chain.at(-1);
        if (head === undefined) throw new Error('the chain has commits');
        checkChain(chain, head, true);
        expect(() => checkChain(spoilt(chain, place, change), head, true)).toThrow(/Soloist-Prev|does not end/);
      }),
      { numRuns: 60 },
    );
  });
});

async function chainOf(length: number): Promise<readonly Commit[]> {
  const chain: Commit[] = [];
  for (let index = 0; index < length; index += 1) {
    const before = chain.at(-1) ?? null;
    const after = before === null ? null : { sequence: before.position.sequence, hash: before.hash, from: before.from };
    const events = [{ type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `step-${index}` } }];
    const value: CommitDraft = {
      address: { context: 'runtime', entity: 'loop', key: 'k' }, id: `c${index}`, cause: null, actor: 'a', policy: null,
      at: '2026-01-01T00:00:00.000Z', traceparent: null, events, after, snapshot: false,
    };
    chain.push(await roundTrip(value, index + 1));
  }
  return chain;
}

function spoilt(chain: readonly Commit[], place: number, change: 'drop' | 'double' | 'swap'): readonly Commit[] {
  const index = place % chain.length;
  if (change === 'drop') return chain.toSpliced(index, 1);
  const commit = chain[index];
  const next = chain[(index + 1) % chain.length];
  if (commit === undefined || next === undefined) throw new Error('the index is inside');
  if (change === 'double') return chain.toSpliced(index, 0, commit);
  return chain.map((member) => (member === commit ? next : member === next ? commit : member));
}

function reversed(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).toReversed());
}
