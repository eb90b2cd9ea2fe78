import { DELIVERY, type RequestEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type Commit, type Delivery, type MemoryLog } from '@soloist/eventlog';
import { Fault, reject } from '@soloist/kernel';
import { silentLogger } from '@soloist/telemetry';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { systemClock } from './clock.js';
import { Committer, type Origin } from './committer.js';
import { Dispatcher } from './dispatcher.js';
import { defineEntity } from './entity.js';
import { reactor, type Reactor } from './reactor.js';
import { replayEpisode } from './replay/replay-episode.js';
import { defineService, type Service } from './service.js';

interface RequestState {
  readonly received: boolean;
  readonly routes: number;
}

const request = defineEntity<RequestState, RequestEvent>({
  context: 'orchestrator',
  entity: 'request',
  initial: { received: false, routes: 0 },
  evolve: (state, event) =>
    event.type === 'orchestrator.request.received' ? { ...state, received: true } : { ...state, routes: state.routes + 1 },
});

const inputId = derivedId('test', 'one');
const received: RequestEvent = { type: 'orchestrator.request.received', data: { inputId, source: 'mail', dataSubject: 'someone' } };
const routed = (rule: string): RequestEvent => ({
  type: 'orchestrator.request.routed',
  data: { inputId, route: { kind: 'inbox' }, rule, reasons: [], dataSubject: 'someone' },
});
const address = { context: 'orchestrator', entity: 'request', key: inputId } as const;
const origin: Origin = { cause: null, seed: 'outside-1', decider: 'test', traceparent: null };

interface Ports {
  readonly rule: () => string;
}

/** Routes each received request once, by asking a port. */
function routingService(): Service<unknown, Ports> {
  return defineService<unknown, Ports>({
    name: 'orchestrator',
    config: z.unknown(),
    entities: [request],
    reactors: [
      reactor<Ports, RequestEvent, 'orchestrator.request.received'>({
        name: 'route-request',
        on: ['orchestrator.request.received'],
        react: async (recorded, work) => {
          const rule = work.ports.rule();
          await work.commit(request, recorded.commit.address.key, 'route', (state) => (state.routes === 0 ? [routed(rule)] : []));
        },
      }),
    ],
    commands: [],
    sources: [],
    open: () => Promise.reject(new Error('tests bring their own ports')),
  });
}

/** Its one reactor does what it is told. */
function waitingService(react: (mayBeHeld: boolean | undefined) => Promise<void>): Service<unknown, object> {
  const waiting: Reactor<object> = { name: 'wait', on: ['orchestrator.request.received'], react: (_recorded, work) => react(work.mayBeHeld) };
  return { ...routingService(), reactors: [waiting] } as Service<unknown, object>;
}

async function withReceived(): Promise<{ memory: MemoryLog; commit: Commit }> {
  const memory = createMemoryLog({ streams: 2 });
  const outcome = await new Committer(memory.log, 'orchestrator', systemClock).commit(origin, request, inputId, 'receive', () => [received]);
  if (outcome.kind !== 'committed') throw new Error(outcome.kind);
  return { memory, commit: outcome.commit };
}

interface Settled {
  acks: number;
  retries: number[];
  terminated: string[];
}

function deliveryOf(commit: Commit, settled: Settled, deliveryCount = 1, decode: () => Commit = () => commit): Delivery {
  return {
    kind: 'event',
    subject: commit.subject,
    address: commit.address,
    deliveryCount,
    position: commit.position,
    commit: decode,
    command: () => {
      throw new Error('not a command');
    },
    due: () => {
      throw new Error('not a timer');
    },
    ack: () => Promise.resolve(void (settled.acks += 1)),
    retryIn: (ms) => void settled.retries.push(ms),
    working: () => {},
    terminate: (reason) => void settled.terminated.push(reason),
  };
}

describe('committer', () => {
  it('gives a repeat of the same decision no second commit [F2]', async () => {
    const { memory } = await withReceived();
    const again = await new Committer(memory.log, 'orchestrator', systemClock).commit(origin, request, inputId, 'receive', (state) =>
      state.received ? [] : [received],
    );
    expect(again.kind).toBe('unchanged');
    expect(await memory.log.history(address)).toHaveLength(1);
  });

  it('folds and decides again when another writer was first [G4]', async () => {
    const { memory } = await withReceived();
    const writers = Array.from({ length: 6 }, (_, index) => new Committer(memory.log, `w${index}`, systemClock));
    const outcomes = await Promise.all(
      writers.map((writer) => writer.commit(origin, request, inputId, 'route', (state) => [routed(`after-${state.routes}`)])),
    );
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(writers.map(() => 'committed'));
    const rules = (await memory.log.history(address)).slice(1).map((commit) => (commit.events[0]?.data as { rule: string }).rule);
    expect(rules).toEqual(['after-0', 'after-1', 'after-2', 'after-3', 'after-4', 'after-5']);
  });

  it('never concludes "nothing to do" from a cached state', async () => {
    const { memory } = await withReceived();
    const cached = new Committer(memory.log, 'orchestrator', systemClock);
    await cached.commit({ ...origin, seed: 's1' }, request, inputId, 'route', () => [routed('first')]);
    await new Committer(memory.log, 'elsewhere', systemClock).commit({ ...origin, seed: 's2' }, request, inputId, 'route', () => [routed('second')]);
    const outcome = await cached.commit({ ...origin, seed: 's3' }, request, inputId, 'route', (state) => (state.routes < 2 ? [] : [routed('third')]));
    expect(outcome.kind).toBe('committed');
  });

  it('answers a rejection as a value and writes nothing', async () => {
    const { memory } = await withReceived();
    const outcome = await new Committer(memory.log, 'orchestrator', systemClock).commit(origin, request, inputId, 'x', () => reject('no', 'because'));
    expect(outcome).toMatchObject({ kind: 'rejected', rejection: { code: 'no' } });
    expect(await memory.log.history(address)).toHaveLength(1);
  });
});

describe('dispatcher', () => {
  it('acks after the work, and a redelivery changes nothing [F2] [G6]', async () => {
    const { memory, commit } = await withReceived();
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    for (let life = 1; life <= 3; life += 1) {
      // A new dispatcher is a new process: nothing but the log remembers.
      const dispatcher = new Dispatcher(routingService(), memory, { rule: () => `life-${life}` }, systemClock, silentLogger);
      await dispatcher.dispatch(deliveryOf(commit, settled, life));
    }
    expect(settled).toEqual({ acks: 3, retries: [], terminated: [] });
    expect(await memory.log.history(address)).toHaveLength(2);
  });

  it('backs off when the world failed, and respects how long it was told to wait', async () => {
    const { memory, commit } = await withReceived();
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    const faults = [new Fault('transient', 'test.down', 'down'), new Fault('throttled', 'test.slow', 'slow down', { retryAfterMs: 1_234 })];
    for (const fault of faults) {
      const failing = { rule: () => { throw fault; } };
      await new Dispatcher(routingService(), memory, failing, systemClock, silentLogger).dispatch(deliveryOf(commit, settled, 7));
    }
    expect(settled.acks).toBe(0);
    expect(settled.retries).toEqual([30_000, 1_234]);
    expect(settled.terminated).toEqual([]);
  });

  it('buries poison at once and a defect after five tries, each with its letter [F3] [G18]', async () => {
    const { memory, commit } = await withReceived();
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    const dispatcher = new Dispatcher(routingService(), memory, { rule: () => { throw new TypeError('our own error'); } }, systemClock, silentLogger);
    const poison = (): Commit => { throw new Fault('invalid', 'log.undecodable', 'not JSON'); };
    await dispatcher.dispatch(deliveryOf(commit, settled, 1, poison));
    expect(settled.terminated).toEqual(['log.undecodable: not JSON']);
    for (let tries = 1; tries <= 5; tries += 1) await dispatcher.dispatch(deliveryOf(commit, settled, tries));
    expect(settled.retries).toHaveLength(4);
    expect(settled.terminated).toEqual(['log.undecodable: not JSON', 'defect: our own error']);
    expect(settled.acks).toBe(0);
  });

  it('gives signs of life for what waits its turn as well [G28]', async () => {
    vi.useFakeTimers();
    try {
      const { memory, commit } = await withReceived();
      let open = (): void => {};
      const slow = new Promise<void>((resolve) => (open = resolve));
      const settled: Settled = { acks: 0, retries: [], terminated: [] };
      const service = waitingService(() => slow);
      const dispatcher = new Dispatcher(service, memory, {}, systemClock, silentLogger);
      const first = dispatcher.dispatch(deliveryOf(commit, settled));
      let signs = 0;
      const next = { ...commit, position: { ...commit.position, sequence: commit.position.sequence + 1 } };
      const second = dispatcher.dispatch({ ...deliveryOf(next, settled), working: () => void (signs += 1) });
      await vi.advanceTimersByTimeAsync(DELIVERY.ackWaitMs);
      expect(signs).toBeGreaterThanOrEqual(Math.floor(DELIVERY.ackWaitMs / DELIVERY.signOfLifeMs));
      open();
      await Promise.all([first, second]);
      const after = signs;
      await vi.advanceTimersByTimeAsync(DELIVERY.ackWaitMs);
      expect(signs).toBe(after);
      expect(settled.acks).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does a copy of what is in hand no second time, and settles it by the latest handle [R5]', async () => {
    const { memory, commit } = await withReceived();
    let open = (): void => {};
    let times = 0;
    const slow = new Promise<void>((resolve) => (open = resolve));
    const dispatcher = new Dispatcher(waitingService(() => (times++, slow)), memory, {}, systemClock, silentLogger);
    const [stale, latest]: [Settled, Settled] = [{ acks: 0, retries: [], terminated: [] }, { acks: 0, retries: [], terminated: [] }];
    const both = [dispatcher.dispatch(deliveryOf(commit, stale, 1)), dispatcher.dispatch(deliveryOf(commit, latest, 2))];
    expect(dispatcher.holds(`event:${commit.position.stream}:${commit.position.sequence}`)).toBe(true);
    open();
    await Promise.all(both);
    expect([times, stale.acks, latest.acks]).toEqual([1, 0, 1]);
    expect(dispatcher.holds(`event:${commit.position.stream}:${commit.position.sequence}`)).toBe(false);
    // Settled is out of hand: a copy that comes later is done again, which changes nothing.
    await dispatcher.dispatch(deliveryOf(commit, latest, 3));
    expect([times, latest.acks]).toEqual([2, 2]);
  });

  it('asks the others about what comes again, and leaves it to whoever has it; the reactor hears of one that does not answer [R5] [G28]', async () => {
    const { memory, commit } = await withReceived();
    let times = 0;
    const unclear: (boolean | undefined)[] = [];
    const service = waitingService((mayBeHeld) => (times++, unclear.push(mayBeHeld), Promise.resolve()));
    const dispatcher = new Dispatcher(service, memory, {}, systemClock, silentLogger);
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    const asked: string[] = [];
    const answers = ['another', 'another', 'nobody'] as const;
    dispatcher.meet({ holderOf: (delivery) => Promise.resolve(answers[asked.push(delivery) - 1] ?? 'nobody') });
    await dispatcher.dispatch(deliveryOf(commit, settled, 1));
    expect([asked.length, times, settled.acks]).toEqual([0, 1, 1]);
    await dispatcher.dispatch(deliveryOf(commit, settled, 2));
    expect([times, settled.retries.length]).toEqual([1, 1]);
    // Given back while another had it, it is asked about again.
    await dispatcher.dispatch(deliveryOf(commit, settled, 3));
    expect([times, settled.retries.length]).toEqual([1, 2]);
    await dispatcher.dispatch(deliveryOf(commit, settled, 4));
    expect([asked.length, times, settled.acks]).toEqual([3, 2, 2]);
    dispatcher.meet({ holderOf: () => Promise.resolve('unclear') });
    await dispatcher.dispatch(deliveryOf(commit, settled, 8));
    expect(unclear).toEqual([false, false, true]);
  });

  it('asks nobody about what it had for itself and gave back, unless somebody had it in between', async () => {
    const { memory, commit } = await withReceived();
    let times = 0;
    const failing = waitingService(() => (times++ === 0 ? Promise.reject(new Fault('transient', 'x.down', 'down')) : Promise.resolve()));
    const dispatcher = new Dispatcher(failing, memory, {}, systemClock, silentLogger);
    dispatcher.meet({ holderOf: () => Promise.reject(new Error('asked')) });
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    await dispatcher.dispatch(deliveryOf(commit, settled, 1));
    await dispatcher.dispatch(deliveryOf(commit, settled, 2));
    expect([times, settled.retries.length, settled.acks]).toEqual([2, 1, 1]);
    let asked = 0;
    dispatcher.meet({ holderOf: () => Promise.resolve(asked++ === 0 ? 'nobody' : 'another') });
    await dispatcher.dispatch(deliveryOf(commit, settled, 4));
    expect([asked, times]).toEqual([1, 3]);
  });

  it('holds what a newer release wrote however often it comes, and says so; buries what only came too often [G18]', async () => {
    const { memory, commit } = await withReceived();
    const said: string[] = [];
    const logger = { ...silentLogger, error: (text: string) => void said.push(text) };
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    let isNewer = true;
    const nested = waitingService(() => (isNewer ? Promise.reject(new Fault('transient', 'log.newer-release', 'v9', { retryAfterMs: 7 })) : Promise.resolve()));
    const dispatcher = new Dispatcher(nested, memory, {}, systemClock, logger);
    const unreadable = (): Commit => { throw new Fault('transient', 'log.newer-release', 'v9', { retryAfterMs: 5 }); };
    await dispatcher.dispatch(deliveryOf(commit, settled, DELIVERY.lastDelivery + 500, unreadable));
    // What it needs to read may be newer as well.
    await dispatcher.dispatch(deliveryOf(commit, settled, DELIVERY.lastDelivery));
    await dispatcher.dispatch(deliveryOf(commit, settled, DELIVERY.lastDelivery + 1));
    expect([settled.retries, settled.terminated]).toEqual([[5, 7, 7], []]);
    expect(said.filter((text) => text.startsWith('held for a newer release'))).toHaveLength(3);
    isNewer = false;
    await dispatcher.dispatch(deliveryOf(commit, settled, DELIVERY.lastDelivery + 2));
    expect(settled.acks).toBe(1);
    await dispatcher.dispatch(deliveryOf(commit, settled, DELIVERY.lastDelivery + 3));
    expect(settled.terminated).toEqual([`delivered ${DELIVERY.lastDelivery + 3} times`]);
  });

  it('keeps a message whose letter cannot be written', async () => {
    const { memory, commit } = await withReceived();
    const settled: Settled = { acks: 0, retries: [], terminated: [] };
    const broken = { ...memory, log: { ...memory.log, dead: () => Promise.reject(new Fault('transient', 'log.down', 'down')) } };
    const dispatcher = new Dispatcher(routingService(), broken as MemoryLog, { rule: () => 'r' }, systemClock, silentLogger);
    await dispatcher.dispatch(deliveryOf(commit, settled, 1, () => { throw new Fault('invalid', 'x', 'y'); }));
    expect(settled.terminated).toEqual([]);
    expect(settled.retries).toHaveLength(1);
  });
});

describe('replay of a delivery', () => {
  async function recordedRun(): Promise<{ memory: MemoryLog; commits: readonly Commit[] }> {
    const { memory, commit } = await withReceived();
    await new Dispatcher(routingService(), memory, { rule: () => 'as-it-was' }, systemClock, silentLogger).reactTo(commit, 1);
    return { memory, commits: await memory.log.history(address) };
  }
  const replay = async (rule: string): ReturnType<typeof replayEpisode> => {
    const { memory, commits } = await recordedRun();
    const outcome = await replayEpisode({
      source: memory.log,
      commits,
      commands: [],
      parts: [{ service: routingService() as Service<unknown, unknown>, ports: () => ({ rule: () => rule }) }],
      cut: (_address, history) => history,
    });
    expect(await memory.log.history(address)).toHaveLength(commits.length);
    return outcome;
  };

  it('makes the same decisions again and stores nothing [M4] [K11] [G13]', async () => {
    expect(await replay('as-it-was')).toEqual({ deliveries: 2, equal: 1, given: 1, divergences: [] });
  });

  it('shows both sides of a decision that differs [G14]', async () => {
    const outcome = await replay('something-else');
    expect(outcome.equal).toBe(0);
    expect(outcome.divergences).toHaveLength(1);
    expect(JSON.stringify(outcome.divergences[0]?.recorded)).toContain('as-it-was');
    expect(JSON.stringify(outcome.divergences[0]?.replayed)).toContain('something-else');
  });
});
