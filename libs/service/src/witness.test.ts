import type { RequestEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type Commit, type CommitOutline, type Delivery } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { silentLogger } from '@soloist/telemetry';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from './clock.js';
import { Committer } from './committer.js';
import { Dispatcher } from './dispatcher.js';
import { defineService, type Service } from './service.js';

const inputId = derivedId('test', 'witness');
const received: RequestEvent = { type: 'orchestrator.request.received', data: { inputId, source: 'mail', dataSubject: 'someone' } };
const routed: RequestEvent = { type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule: 'r', reasons: [], dataSubject: 'someone' } };

interface Noted {
  readonly said: string[];
}

const service: Service<unknown, Noted> = defineService<unknown, Noted>({
  name: 'orchestrator',
  config: z.unknown(),
  entities: [],
  reactors: [{ name: 'note-received', on: [received.type], react: async ({ event }, { ports }) => void ports.said.push(`reacted to ${event.type}`) }],
  witnesses: [
    { name: 'see-requests', of: 'orchestrator.request', see: (key, { types }, { said }) => void said.push(`${key === inputId ? 'saw' : 'mixed up'} ${types.join()}`) },
    { name: 'see-runs', of: 'orchestrator.run', see: (_key, _outline, { said }) => void said.push('saw a run') },
  ],
  commands: [],
  sources: [],
  open: () => Promise.reject(new Error('tests bring their own ports')),
});

async function deliver(event: RequestEvent, outline: 'outline' | 'none', decode: (commit: Commit) => Commit = (commit) => commit): Promise<readonly string[]> {
  const memory = createMemoryLog({ streams: 1 });
  const origin = { cause: null, seed: 'x', decider: 'test', traceparent: null };
  const outcome = await new Committer(memory.log, 'orchestrator', systemClock).commit(origin, { context: 'orchestrator', entity: 'request', initial: null, evolve: () => null }, inputId, 'say', () => [event]);
  if (outcome.kind !== 'committed') throw new Error(outcome.kind);
  const { commit } = outcome;
  const said: string[] = [];
  const told: CommitOutline = { types: commit.events.map(({ type }) => type), prev: commit.prev, fence: commit.fence, hash: () => commit.hash };
  const none = (): never => {
    throw new TypeError('this is an event');
  };
  const delivery: Delivery = {
    kind: 'event',
    subject: commit.subject,
    address: commit.address,
    position: commit.position,
    deliveryCount: 1,
    outline: () => (outline === 'none' ? null : told),
    commit: () => (said.push('decoded'), decode(commit)),
    command: none,
    due: none,
    ack: async () => void said.push('acked'),
    retryIn: () => void said.push('kept'),
    working: () => {},
    terminate: () => void said.push('buried'),
  };
  await new Dispatcher(service, memory.connect('orchestrator'), { said }, systemClock, silentLogger).dispatch(delivery);
  return said;
}

it('a commit is seen by the witnesses of its entity before its reactors react', async () => {
  expect(await deliver(received, 'outline')).toEqual([`saw ${received.type}`, 'decoded', `reacted to ${received.type}`, 'acked']);
});

it('a commit that no reactor wants is seen and settled, and never decoded', async () => {
  expect(await deliver(routed, 'outline')).toEqual([`saw ${routed.type}`, 'acked']);
});

it('[G18] what tells nothing of itself is decoded, wanted or not: poison is buried, what a newer release wrote is kept', async () => {
  expect(await deliver(routed, 'none')).toEqual(['decoded', 'acked']);
  const fault = (kind: 'invalid' | 'transient') => (): never => {
    throw new Fault(kind, kind === 'invalid' ? 'log.bad-message' : 'log.newer-release', 'test');
  };
  expect((await deliver(routed, 'none', fault('invalid'))).at(-1)).toBe('buried');
  expect((await deliver(routed, 'none', fault('transient'))).at(-1)).toBe('kept');
});
