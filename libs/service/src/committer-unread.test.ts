import type { RequestEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type EventLog, type MemoryLog } from '@soloist/eventlog';
import { describe, expect, it } from 'vitest';
import { Committer } from './committer.js';
import { defineEntity } from './entity.js';

const request = defineEntity<readonly string[], RequestEvent>({
  context: 'orchestrator',
  entity: 'request',
  initial: [],
  evolve: (state, event) => (event.type === 'orchestrator.request.routed' ? [...state, event.data.rule] : state),
});
const inputId = derivedId('test', 'unread');
const routed = (rule: string): RequestEvent => ({ type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule, reasons: [], dataSubject: 'someone' } });

function worker(memory: MemoryLog): { reads: () => number; route: (seed: string, decide: (state: readonly string[]) => readonly RequestEvent[]) => ReturnType<Committer['commit']> } {
  const { log } = memory.connect('orchestrator');
  let reads = 0;
  const read: EventLog['read'] = (address) => {
    reads += 1;
    return log.read(address);
  };
  const committer = new Committer({ ...log, read }, 'orchestrator', { now: () => '2026-01-02T03:04:05.000Z' });
  return {
    reads: () => reads,
    route: (seed, decide) => committer.commit({ cause: null, seed, decider: 'test', traceparent: null }, request, inputId, 'route', decide as never, { isNew: true }),
  };
}

describe('an entity that is taken for new', () => {
  it('is written without a read when it is', async () => {
    const one = worker(createMemoryLog({ streams: 1 }));
    expect(await one.route('a', () => [routed('a')])).toMatchObject({ kind: 'committed', state: ['a'] });
    expect(one.reads()).toBe(0);
  });

  it('I1 when it is not, the append finds out, and the decision is made again on what is there', async () => {
    const memory = createMemoryLog({ streams: 1 });
    await worker(memory).route('a', () => [routed('a')]);
    const late = worker(memory);
    const seen: (readonly string[])[] = [];
    const outcome = await late.route('b', (state) => {
      seen.push(state);
      return [routed('b')];
    });
    expect(outcome).toMatchObject({ kind: 'committed', state: ['a', 'b'] });
    expect(seen).toEqual([[], ['a']]);
    expect(late.reads()).toBe(1);
  });

  it('I2 that there is nothing to do is never concluded from it', async () => {
    const memory = createMemoryLog({ streams: 1 });
    await worker(memory).route('a', () => [routed('a')]);
    const late = worker(memory);
    const outcome = await late.route('b', (state) => (state.length === 0 ? [] : [routed('b')]));
    expect(outcome).toMatchObject({ kind: 'committed', state: ['a', 'b'] });
  });
});
