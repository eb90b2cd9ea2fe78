import { eventStreamName, streamOfKey, subjectOf } from '@soloist/contracts';
import { expect } from 'vitest';
import { HEADER, type HeaderPair, type StoredMessage } from '../codec/message.js';
import type { Commit } from '../event-log.port.js';
import { committed, draftOf, gateAddress, gateRefused, loopAddress, newKey, suspended, writeHistory } from './drafts.js';
import { eventually, type Case, type LogHarness, type Suite } from './harness.js';

interface Poison {
  readonly what: string;
  /** What the fault must name. */
  readonly field: string;
  /** Held for a newer release that reads it, instead of dead at once. */
  readonly isHeld?: boolean;
  readonly spoil: (message: StoredMessage) => StoredMessage;
}

const POISON: readonly Poison[] = [
  { what: 'JSON that is none', field: 'body', spoil: (message) => ({ ...message, body: Buffer.from('[{"a":') }) },
  { what: 'bytes that are no UTF-8', field: 'body', spoil: (message) => ({ ...message, body: Buffer.from([0x5b, 0xff, 0x5d]) }) },
  { what: 'an object instead of a list', field: 'body', spoil: (message) => ({ ...message, body: Buffer.from('{}') }) },
  { what: 'an unknown type', field: 'Soloist-Types', isHeld: true, spoil: (message) => withHeader(message, HEADER.types, 'runtime.loop.dreamt.v1') },
  { what: 'a version from the future', field: 'Soloist-Types', isHeld: true, spoil: (message) => withHeader(message, HEADER.types, 'runtime.loop.suspended.v99') },
  { what: 'a type of another entity', field: 'Soloist-Types', spoil: (message) => withHeader(message, HEADER.types, 'governance.halt.raised.v1') },
  { what: 'more types than events', field: 'Soloist-Types', spoil: (message) => withHeader(message, HEADER.types, 'runtime.loop.suspended.v1,runtime.loop.suspended.v1') },
  { what: 'a commit without id', field: 'Soloist-Commit', spoil: (message) => ({ ...message, headers: message.headers.filter(([name]) => name !== HEADER.commit) }) },
  { what: 'a header given twice', field: 'Soloist-Actor', spoil: (message) => ({ ...message, headers: [...message.headers, [HEADER.actor, 'service:other']] }) },
  { what: 'a field of the wrong form', field: 'events[0].waitingFor', spoil: (message) => ({ ...message, body: Buffer.from('[{"id":"a","waitingFor":"nobody"}]') }) },
];

export const reading: Suite = {
  'head, read and history': {
    'know nothing of an entity never written': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      expect(await log.head(address)).toBeNull();
      expect(await log.read(address)).toEqual([]);
      expect(await log.history(address)).toEqual([]);
    },

    'a cold read starts at the latest snapshot, the history at the first commit': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const before = await writeHistory(log, address, 3);
      const snapshot = committed(await log.append(draftOf(address, [suspended('snapshot')], before.at(-1) ?? null, { snapshot: true })));
      expect(snapshot.from).toBe(snapshot.position.sequence);
      expect(await log.read(address)).toMatchObject([snapshot]);
      const after = committed(await log.append(draftOf(address, [suspended('after')], snapshot)));
      expect(after.from).toBe(snapshot.position.sequence);
      expect((await log.read(address)).map(idOf)).toEqual([snapshot.id, after.id]);
      expect((await log.history(address)).map(idOf)).toEqual([...before.map(idOf), snapshot.id, after.id]);
    },

    'a hint that points nowhere costs time and nothing else': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const [first, second] = await writeHistory(log, address, 2);
      if (first === undefined || second === undefined) throw new Error('two commits were written');
      const astray = { sequence: second.position.sequence, hash: second.hash, from: second.position.sequence + 1_000 };
      const third = committed(await log.append({ ...draftOf(address, [suspended('c')], second), after: astray }));
      expect((await log.read(address)).map(idOf)).toEqual([first.id, second.id, third.id]);
    },

    'refuse a history whose chain is broken [G22]': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const [first] = await writeHistory(log, address, 1);
      const forged = { sequence: first?.position.sequence ?? 0, hash: 'f'.repeat(64), from: first?.from ?? 0 };
      await log.append({ ...draftOf(address, [suspended('b')], first ?? null), after: forged });
      await expect(log.read(address)).rejects.toMatchObject({ kind: 'invalid', code: 'log.chain-broken' });
      await expect(log.history(address)).rejects.toMatchObject({ code: 'log.chain-broken', message: expect.stringContaining('sequence') });
    },

    'page through a long history': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const written = await writeHistory(log, address, 1_100);
      expect((await log.history(address)).map(idOf)).toEqual(written.map(idOf));
    },
  },

  'episode': {
    'holds all commits of a run, of all entities, in log order': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const [first] = await writeHistory(log, address, 1);
      const gate = committed(await log.append(draftOf(gateAddress(address.key), [gateRefused()], null)));
      const last = committed(await log.append(draftOf(address, [suspended('b')], first ?? null)));
      await writeHistory(log, loopAddress(), 1);
      expect((await log.episode(address.key)).map(idOf)).toEqual([first?.id, gate.id, last.id]);
    },
  },

  'reading a stream': {
    'goes on after a sequence, up to a limit, in order': async (harness) => {
      const { log } = await harness.connect('ops');
      const address = loopAddress();
      const stream = streamOfKey(address.key, harness.streams);
      const start = await log.lastSequence(stream);
      const written = await writeHistory(log, address, 5);
      expect((await log.readAfter(stream, start, 3)).map(idOf)).toEqual(written.slice(0, 3).map(idOf));
      expect((await log.readAfter(stream, start, 100)).map(idOf)).toEqual(written.map(idOf));
      expect(await log.lastSequence(stream)).toBe(written.at(-1)?.position.sequence);
      expect(await log.readAfter(stream, await log.lastSequence(stream), 10)).toEqual([]);
    },

    'wakes whoever projects when a stream has grown': async (harness) => {
      const { deliveries } = await harness.connect('governance');
      const { log } = await harness.connect('ops');
      const grown = new Set<number>();
      const subscription = await deliveries.wakeups('governance', (stream) => grown.add(stream));
      const address = loopAddress();
      await writeHistory(log, address, 1);
      await eventually(() => [...grown], (seen) => seen.includes(streamOfKey(address.key, harness.streams)));
      await subscription.stop();
    },
  },

  'poison': {
    ...Object.fromEntries(POISON.map((poison) => [`${poison.what} is a fault that names subject, sequence and field`, poisonCase(poison)])),

    'a header of the broker that a writer set itself is ignored': async (harness) => {
      const { log } = await harness.connect('ops');
      const key = newKey();
      const good = committed(await log.append(draftOf(loopAddress(), [suspended('a')], null)));
      const message = await storedAt(harness, good);
      const headers = [...withoutExpectation(message.headers), ['Nats-Marker-Reason', 'MaxAge'], ['Nats-Required-Api-Level', '0']] as const;
      await harness.publishRaw({ ...message, subject: subjectOf('evt', loopAddress(key)), headers });
      expect((await log.head(loopAddress(key)))?.events).toEqual(good.events);
    },
  },
};

function withHeader(message: StoredMessage, name: string, value: string): StoredMessage {
  return { ...message, headers: message.headers.map((pair): HeaderPair => (pair[0] === name ? [name, value] : pair)) };
}

function withoutExpectation(headers: readonly HeaderPair[]): readonly HeaderPair[] {
  return headers.filter(([name]) => !name.startsWith('Nats-'));
}

async function storedAt(harness: LogHarness, commit: Commit): Promise<StoredMessage> {
  const stored = await harness.stored(eventStreamName(commit.position.stream));
  const message = stored.find((candidate) => candidate.sequence === commit.position.sequence);
  if (message === undefined) throw new Error(`nothing is stored at ${commit.position.sequence}`);
  return message;
}

function idOf(commit: Commit): string {
  return commit.id;
}

function poisonCase({ field, isHeld = false, spoil }: Poison): Case {
  return async (harness) => {
    const { log } = await harness.connect('ops');
    const good = committed(await log.append(draftOf(loopAddress(), [suspended('a')], null)));
    const key = newKey();
    const message = await storedAt(harness, good);
    const spoilt = spoil(message);
    await harness.publishRaw({ ...spoilt, subject: subjectOf('evt', loopAddress(key)), headers: withoutExpectation(spoilt.headers) });
    const fault = await log.head(loopAddress(key)).then(() => null, (error: unknown) => error as Error);
    expect(fault).toMatchObject(isHeld ? { kind: 'transient', code: 'log.newer-release' } : { kind: 'invalid', code: 'log.bad-message' });
    expect(fault?.message).toContain(key);
    expect(fault?.message).toMatch(/sequence \d+/);
    expect(fault?.message).toContain(field);
  };
}
