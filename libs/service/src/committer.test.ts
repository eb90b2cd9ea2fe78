import type { RequestEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type MemoryLog } from '@soloist/eventlog';
import { describe, expect, it } from 'vitest';
import type { DecisionClock } from './clock.js';
import { Committer, type Outcome } from './committer.js';
import { defineEntity } from './entity.js';

interface Rules {
  readonly seen: readonly string[];
}

const request = defineEntity<Rules, RequestEvent>({
  context: 'orchestrator',
  entity: 'request',
  initial: { seen: [] },
  evolve: (state, event) => (event.type === 'orchestrator.request.routed' ? { seen: [...state.seen, event.data.rule] } : state),
});
const inputId = derivedId('test', 'committer');
const clock: DecisionClock = { now: () => '2026-01-02T03:04:05.000Z' };
const routed = (rule: string): RequestEvent => ({ type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule, reasons: [], dataSubject: 'someone' } });

/** Two processes of one service: each with a cache of its own. */
function workers(memory: MemoryLog = createMemoryLog({ streams: 2 })): readonly [Committer, Committer] {
  return [new Committer(memory.connect('orchestrator').log, 'orchestrator', clock), new Committer(memory.connect('orchestrator').log, 'orchestrator', clock)];
}

function route(by: Committer, seed: string, decide: (state: Rules) => readonly RequestEvent[]): Promise<Outcome<Rules>> {
  return by.commit({ cause: null, seed, decider: 'test', traceparent: null }, request, inputId, 'route', decide);
}

describe('a committer', () => {
  it('[G4] whose cached state was overtaken reads again and decides on what is there: no update is lost', async () => {
    const [one, other] = workers();
    await route(one, 'first', () => [routed('first')]);
    await route(other, 'second', () => [routed('second')]);
    const decidedOn: string[][] = [];
    const outcome = await route(one, 'third', (state) => {
      decidedOn.push([...state.seen]);
      return [routed('third')];
    });
    expect(outcome).toMatchObject({ kind: 'committed', state: { seen: ['first', 'second', 'third'] } });
    expect(decidedOn).toEqual([['first'], ['first', 'second']]);
  });

  it('[G4] never concludes from a cached state that there is nothing to do (I2)', async () => {
    const [one, other] = workers();
    await route(one, 'first', () => [routed('first')]);
    await route(other, 'second', () => [routed('second')]);
    const outcome = await route(one, 'third', (state) => (state.seen.includes('second') ? [routed('third')] : []));
    expect(outcome).toMatchObject({ kind: 'committed', state: { seen: ['first', 'second', 'third'] } });
  });

  it('[G4] [G5] keeps no state of a decision that another try has put on the log, behind what this one has not read (I3)', async () => {
    const memory = createMemoryLog({ streams: 2 });
    const { log } = memory.connect('orchestrator');
    const [, other] = workers(memory);
    const twin = new Committer(log, 'orchestrator', clock);
    let isFirst = true;
    const overtaken: typeof log = {
      ...log,
      append: async (draft) => {
        if (draft.after === null || !isFirst) return log.append(draft);
        isFirst = false;
        await route(other, 'other', () => [routed('other')]);
        await route(twin, 'late', () => [routed('late')]);
        return log.append(draft);
      },
    };
    const one = new Committer(overtaken, 'orchestrator', clock);
    await route(one, 'first', () => [routed('first')]);
    expect(await route(one, 'late', () => [routed('late')])).toMatchObject({ kind: 'committed', state: { seen: ['first', 'other', 'late'] } });
    const decidedOn: string[][] = [];
    await route(one, 'other', (state) => {
      decidedOn.push([...state.seen]);
      return state.seen.includes('other') ? [] : [routed('other')];
    });
    expect(decidedOn.at(-1)).toEqual(['first', 'other', 'late']);
    const subject = { context: 'orchestrator', entity: 'request', key: inputId } as const;
    expect((await log.read(subject)).map(({ events }) => events.map((event) => (event as RequestEvent & { data: { rule: string } }).data.rule))).toEqual([['first'], ['other'], ['late']]);
  });

  it('[G5] gives the same decision the same commit id in every process and every try (I1)', async () => {
    const ids = await Promise.all(
      [...workers(), ...workers()].map(async (by, index) => {
        const outcome = await route(by, 'same', (state) => (state.seen.length === 0 ? [routed(`rule-${index}`)] : []));
        return outcome.kind === 'committed' ? outcome.commit.id : null;
      }),
    );
    const made = ids.filter((id) => id !== null);
    // One of each pair commits; the other finds its work done.
    expect(made).toHaveLength(2);
    expect(new Set(made).size).toBe(1);
  });
});
