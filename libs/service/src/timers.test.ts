import { parseSubject, subjectOf, type RequestEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type Due } from '@soloist/eventlog';
import { silentLogger } from '@soloist/telemetry';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import { defineEntity } from './entity.js';
import { defineService } from './service.js';

const inputId = derivedId('test', 'timers');
const request = defineEntity<number, RequestEvent>({ context: 'orchestrator', entity: 'request', initial: 0, evolve: (count) => count + 1 });
const event: RequestEvent = { type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule: 'due', reasons: [], dataSubject: 'someone' } };
const address = parseSubject(subjectOf('due', { context: 'orchestrator', entity: 'request', key: inputId }));

/** What a firing at some moment leaves on an empty log. */
async function afterFiring(firedAt: string): Promise<{ id: string; cause: string | null } | null> {
  const memory = createMemoryLog({ streams: 2 });
  const service = defineService<unknown, undefined>({
    name: 'orchestrator',
    config: z.unknown(),
    entities: [request],
    reactors: [],
    commands: [],
    sources: [],
    timers: [
      {
        name: 'look',
        on: 'request',
        react: async (due: Due, work) => {
          await work.commit(request, due.address.key, 'due', () => [event]);
        },
      },
    ],
    open: () => Promise.reject(new Error('tests bring their own ports')),
  });
  const dispatcher = new Dispatcher(service, memory.connect('orchestrator'), undefined, systemClock, silentLogger);
  if (address === null) return null;
  await dispatcher.look({ timerId: 'timer-1', address, body: null, firedAt }, 1);
  const head = await memory.log.head(address);
  return head === null ? null : { id: head.id, cause: head.cause };
}

describe('a timer', () => {
  it('[G19] that fires twice causes the same commit twice, so that the second is recognised whenever it comes', async () => {
    const first = await afterFiring('2026-01-02T03:04:05.000Z');
    expect(first?.cause).toBe('timer-1');
    expect(await afterFiring('2026-01-02T03:04:09.000Z')).toEqual(first);
  });
});
