/**
 * Poison on a real broker: it becomes a letter, holds up nobody else, and once what was wrong is put right it is handed
 * over again and ends once. The services are real dispatchers on their own accounts; the API is governance's own.
 */
import type { AnyEvent, Context, GateEvent, LoopEvent, RecallEvent } from '@soloist/contracts';
import { connectLog, derivedId, type Commit, type LogConnection } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory, type InMemoryGovernance } from '@soloist/governance';
import { reject } from '@soloist/kernel';
import { defineEntity, defineService, headOf, part, reactor, runInProcess, startService, type InProcess, type Service, type StartedService } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog, until } from '../governance/company.fixture.js';

/** What is wrong in the world outside of the code under test, and can be put right. */
const world = { isBroken: true };
const worked: string[] = [];
const HEALTHY = 20;
const healthyDone = (): number => worked.filter((key) => key.startsWith('healthy-')).length;
/** Poison stays in the hands of its worker until all that is healthy is done: it would be never, if it held others up. */
const allHealthy = Promise.withResolvers<void>();

interface Ports {
  readonly work: (key: string) => Promise<void>;
}
const ports: Ports = {
  work: async (key) => {
    if (key.startsWith('poison') && world.isBroken) {
      await allHealthy.promise;
      throw new TypeError(`cannot work on ${key}`);
    }
    worked.push(key);
    if (healthyDone() === HEALTHY) allHealthy.resolve();
  },
};

let broker: TestBroker;
let governance: InMemoryGovernance;
let api: StartedService;
let running: InProcess;
const connections: LogConnection[] = [];

beforeAll(async () => {
  broker = await startBroker({ streams: 2 });
  governance = openGovernanceInMemory(await connect('governance'), catalog);
  const quiet = defineService({ ...governanceService, sources: [], open: () => Promise.resolve(governance.opened) });
  api = await startService(quiet, { SOLOIST_POSTGRES_URL: 'postgresql://nobody@127.0.0.1:1/none', SOLOIST_HTTP_PORT: '0' }, await connect('governance'));
  const open = { ports, close: () => Promise.resolve() };
  running = await runInProcess([part(recalling(), await connect('memory'), open), part(performing(), await connect('connectors'), open)]);
}, 120_000);

afterAll(async () => {
  await running.stop();
  await api.stop();
  await Promise.all(connections.map((connection) => connection.close()));
  await broker.stop();
});

async function connect(service: Context): Promise<LogConnection> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `dead-${service}` });
  connections.push(connection);
  voices.set(service, connection);
  return connection;
}

type Answers = { readonly count: number };
const recalls = defineEntity<Answers, RecallEvent>({ context: 'memory', entity: 'recall', initial: { count: 0 }, evolve: ({ count }) => ({ count: count + 1 }) });

/** Answers each recall once, where the world lets it. */
function recalling(): Service<unknown, Ports> {
  return defineService<unknown, Ports>({
    name: 'memory',
    config: z.unknown(),
    entities: [recalls],
    reactors: [
      reactor<Ports, LoopEvent, 'runtime.loop.recall-requested'>({
        name: 'answer-recall',
        on: ['runtime.loop.recall-requested'],
        react: async (recorded, work) => {
          const { key } = recorded.commit.address;
          await work.ports.work(key);
          const { recallId, dataSubject } = recorded.event.data;
          await work.commit(recalls, key, 'answer', ({ count }) => (count === 0 ? [answered(recallId, dataSubject)] : reject('recall.answered', 'It was answered before.')));
        },
      }),
    ],
    commands: [
      {
        name: 'mend',
        on: 'test.mend',
        react: async (command, work) => {
          await work.ports.work(command.address.key);
        },
      },
    ],
    sources: [],
    open: () => Promise.reject(new Error('tests bring their own ports')),
  });
}

/** Connectors read no history: their letters are brought to them. */
function performing(): Service<unknown, Ports> {
  return defineService<unknown, Ports>({
    name: 'connectors',
    config: z.unknown(),
    entities: [],
    reactors: [
      reactor<Ports, GateEvent, 'governance.gate.refused'>({
        name: 'hear-refusal',
        on: ['governance.gate.refused'],
        react: async (recorded, work) => {
          await work.ports.work(recorded.commit.address.key);
        },
      }),
    ],
    commands: [],
    sources: [],
    open: () => Promise.reject(new Error('tests bring their own ports')),
  });
}

function answered(recallId: string, dataSubject: string): RecallEvent {
  return { type: 'memory.recall.answered', data: { recallId, facts: [], session: [], index: 'test', asOf: [], dataSubject } };
}

function asked(key: string): AnyEvent {
  return { type: 'runtime.loop.recall-requested', data: { recallId: derivedId('recall', key), query: 'who?', limit: 3, inputId: derivedId('input', key), dataSubject: derivedId('subject', key) } };
}

const voices = new Map<Context, LogConnection>();
let said = 0;
async function say(context: Context, entity: string, key: string, event: AnyEvent): Promise<Commit> {
  const { log } = voices.get(context) ?? (await connect(context));
  const address = { context, entity, key };
  const head = await log.head(address);
  said += 1;
  const appended = await log.append({ address, id: derivedId('said', String(said)), cause: null, actor: context, policy: null, at: new Date().toISOString(), traceparent: null, events: [event], after: head === null ? null : headOf(head), snapshot: false });
  if (appended.outcome !== 'committed') throw new Error('somebody else wrote first');
  return appended.commit;
}

interface Card {
  readonly id: string;
  readonly state: string;
  readonly owner: string;
  readonly key: string;
  readonly reason: string;
  readonly outcomes: readonly { readonly outcome: string; readonly reason: string }[];
}

async function ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${api.address?.port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${governance.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const letterOf = (key: string): Promise<Card> =>
  until(async () => ((await ask('/v1/dead')).body as { letters: Card[] }).letters.find((letter) => letter.key === key), (found) => found !== undefined) as Promise<Card>;
const timesWorked = (key: string): number => worked.filter((one) => one === key).length;

describe('poison [G18]', () => {
  it('becomes one letter with its reason, and holds up no other key', async () => {
    world.isBroken = true;
    await say('runtime', 'loop', 'poison-1', asked('poison-1'));
    for (let healthy = 0; healthy < HEALTHY; healthy += 1) await say('runtime', 'loop', `healthy-${healthy}`, asked(`healthy-${healthy}`));
    await until(() => Promise.resolve(healthyDone()), (count) => count === HEALTHY);
    const letter = await letterOf('poison-1');
    expect(letter).toMatchObject({ state: 'open', owner: 'memory', outcomes: [], reason: expect.stringContaining('cannot work on poison-1') });
    expect(timesWorked('poison-1')).toBe(0);
  }, 60_000);

  it('that is tried again before it is put right fails again, and stays one open letter', async () => {
    const { id } = await letterOf('poison-1');
    const tried = await ask(`/v1/dead/${id}/retry`, {});
    expect(tried).toMatchObject({ status: 200, body: { state: 'open', outcomes: [{ outcome: 'failed', reason: expect.stringContaining('cannot work') }] } });
    expect(((await ask('/v1/dead')).body as { letters: Card[] }).letters).toHaveLength(1);
  }, 30_000);

  it('that is put right is handed over again and ends once', async () => {
    world.isBroken = false;
    const { id } = await letterOf('poison-1');
    expect(await ask(`/v1/dead/${id}/retry`, {})).toMatchObject({ status: 200, body: { state: 'redelivered' } });
    expect(timesWorked('poison-1')).toBe(1);
    const log = connections[0]?.log;
    expect(await log?.history({ context: 'memory', entity: 'recall', key: 'poison-1' })).toHaveLength(1);
    expect(await ask(`/v1/dead/${id}/retry`, {})).toMatchObject({ status: 409, body: { error: { code: 'dead.settled' } } });
    expect(timesWorked('poison-1')).toBe(1);
  }, 30_000);

  it('of a service that may not read the log is brought to it', async () => {
    world.isBroken = true;
    const commit = await say('governance', 'gate', 'poison-2', { type: 'governance.gate.refused', data: { effectId: 'e1', generation: 1, code: 'test', because: 'test' } });
    const { id, owner } = await letterOf('poison-2');
    expect(owner).toBe('connectors');
    world.isBroken = false;
    expect(await ask(`/v1/dead/${id}/retry`, {})).toMatchObject({ status: 200, body: { state: 'redelivered' } });
    expect(timesWorked('poison-2')).toBe(1);
    expect(commit.address.key).toBe('poison-2');
  }, 60_000);

  it('that was made up on the way is not taken', async () => {
    const wish = (what: unknown): Promise<void> | undefined =>
      connections[0]?.log.command({ context: 'connectors', entity: 'gate', key: 'poison-2' }, { id: derivedId('wish', JSON.stringify(what)), actor: 'test', body: { type: 'soloist.redeliver', letterId: 'f'.repeat(32), what } });
    const [commit] = (await connections[0]?.log.history({ context: 'governance', entity: 'gate', key: 'poison-2' })) ?? [];
    const carried = await connections[0]?.log.carry(commit?.position ?? { stream: 0, sequence: 1 });
    const forged = { ...carried, body: carried?.body.replace('"test"', '"made up"') };
    await wish({ kind: 'commit', position: commit?.position, carried: forged });
    const letters = await until(async () => connections[0]?.log.letters(), (records) => records?.some((record) => record.kind === 'outcome' && record.outcome.settles === 'f'.repeat(32)) === true);
    const outcome = letters?.flatMap((record) => (record.kind === 'outcome' && record.outcome.settles === 'f'.repeat(32) ? [record.outcome] : []))[0];
    expect(outcome).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('log.not-carried') });
    expect(timesWorked('poison-2')).toBe(1);
  }, 30_000);

  it('that was a command keeps its payload in the letter', async () => {
    world.isBroken = true;
    await connections[0]?.log.command({ context: 'memory', entity: 'recall', key: 'poison-3' }, { id: derivedId('command', '3'), actor: 'operator', body: { type: 'test.mend', what: 'all' } });
    const { id } = await letterOf('poison-3');
    world.isBroken = false;
    expect(await ask(`/v1/dead/${id}/retry`, {})).toMatchObject({ status: 200, body: { state: 'redelivered' } });
    expect(timesWorked('poison-3')).toBe(1);
  }, 60_000);

  it('that is not wanted any more is discarded with a reason', async () => {
    world.isBroken = true;
    await say('runtime', 'loop', 'poison-4', asked('poison-4'));
    const { id } = await letterOf('poison-4');
    expect(await ask(`/v1/dead/${id}/discard`, {})).toMatchObject({ status: 400 });
    expect(await ask(`/v1/dead/${id}/discard`, { reason: 'The client withdrew.' })).toMatchObject({ status: 200, body: { state: 'discarded', outcomes: [{ outcome: 'discarded', reason: 'The client withdrew.' }] } });
    world.isBroken = false;
    expect(await ask(`/v1/dead/${id}/retry`, {})).toMatchObject({ status: 409 });
    expect(timesWorked('poison-4')).toBe(0);
  }, 60_000);

  it('is nobody else\'s to name', async () => {
    expect(await ask(`/v1/dead/${'0'.repeat(32)}`)).toMatchObject({ status: 404, body: { error: { code: 'dead.unknown' } } });
    expect(await ask('/v1/dead/not-an-id')).toMatchObject({ status: 400 });
  });
});
