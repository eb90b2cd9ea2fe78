/**
 * Two workers on a real broker, and one of them is killed, frozen, or only slow. What a run cost is counted by the
 * provider, not by us (ADR 0012). `SOLOIST_ROUNDS` sets how many zombies there are.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DELIVERY, type AnyEvent, type Context, type LoopEvent } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { Committer, systemClock } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startModelServer, type ModelCall, type ModelServer } from './model-server.fixture.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VERSION = '0123456789abcdef';
const DEADLINE_MS = 60_000;
const ROUNDS = Number(process.env['SOLOIST_ROUNDS'] ?? 3);
const SILENCE_MS = 1_000;

let broker: TestBroker;
let model: ModelServer;
/** What answers wait for. */
let gate: (call: ModelCall) => Promise<void> = async () => {};
const connections = new Map<Context, LogConnection>();
const workers = new Map<string, ChildProcess>();

beforeAll(async () => {
  broker = await startBroker({ streams: 1 });
  model = await startModelServer((call) => gate(call));
  for (const service of ['governance', 'connectors', 'orchestrator', 'memory'] as const) {
    connections.set(service, await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: 1, keys: broker.keys, name: `test ${service}` }));
  }
  const definition = { name: 'client-desk', purpose: 'Answers clients.', instructions: 'Answer from the facts.', model: { alias: 'default', maxOutputTokens: 100, temperature: 0 }, actions: ['mail.send'], memory: { recallLimit: 4 }, budget: { perRunMicros: 100_000, currency: 'USD' }, limits: { maxSteps: 6 } };
  await say('governance', 'definition', 'client-desk', [{ type: 'governance.definition.published', data: { version: VERSION, origin: 'test', definition } }]);
}, 120_000);

afterEach(() => {
  for (const worker of workers.values()) worker.kill('SIGKILL');
  workers.clear();
  gate = async () => {};
});

afterAll(async () => {
  await Promise.allSettled([...connections.values()].map((connection) => connection.close()));
  await model?.close();
  await broker?.stop();
});

function logOf(service: Context): LogConnection['log'] {
  const connection = connections.get(service);
  if (connection === undefined) throw new Error(`${service} is not connected`);
  return connection.log;
}

async function say(service: Context, entity: string, key: string, events: readonly AnyEvent[]): Promise<void> {
  const committer = new Committer(logOf(service), service, systemClock);
  const origin = { cause: null, seed: JSON.stringify(events), decider: 'test', traceparent: null };
  await committer.commit(origin, { context: service, entity, initial: null, evolve: () => null }, key, 'say', () => events);
}

/** A worker is known to the provider by its key. */
async function startWorker(name: string, environment: Record<string, string> = {}): Promise<void> {
  const worker = fork(fileURLToPath(new URL('./runtime-worker.fixture.ts', import.meta.url)), [broker.url, broker.seedFile('runtime'), broker.keepFolder], {
    cwd: ROOT,
    execArgv: ['--conditions=@soloist/source', '--import', './tools/register.mjs'],
    env: { ...process.env, OPENAI_API_KEY: name, OPENAI_BASE_URL: model.baseUrl, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  workers.set(name, worker);
  await new Promise<void>((ready, failed) => {
    worker.once('message', () => ready());
    worker.once('exit', (code, signal) => failed(new Error(`worker ${name} ended before it was ready: ${code ?? signal}`)));
  });
}

const otherThan = (name: string): string => [...workers.keys()].find((other) => other !== name) ?? '';

async function loopOf(runId: string): Promise<readonly LoopEvent[]> {
  const commits = await logOf('governance').history({ context: 'runtime', entity: 'loop', key: runId });
  return commits.flatMap((commit) => commit.events) as LoopEvent[];
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = Date.now() + DEADLINE_MS; ; ) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function fact<T extends LoopEvent['type']>(runId: string, type: T): Promise<Extract<LoopEvent, { type: T }>['data']> {
  return until(`${type} of ${runId}`, async () => (await loopOf(runId)).find((event) => event.type === type)?.data as never);
}

/** Plays the other services for one run until its model is asked for the first time. */
async function begin(name: string): Promise<string> {
  const runId = derivedId('takeover', name);
  const inputId = derivedId('mail', runId);
  const mail = { from: { name: 'Ada', address: 'ada@client.example' }, to: [], subject: `about ${runId}`, text: 'What is the rate?', inReplyTo: null, attachments: [] };
  await say('connectors', 'intake', inputId, [{ type: 'connectors.intake.input-received', data: { inputId, source: 'mail', via: 'operator', dataSubject: 'ada', messageId: `<${runId}@x.example>`, ...mail, raw: null, trust: 'third-party-text' } }]);
  await say('orchestrator', 'run', runId, [{ type: 'orchestrator.run.admitted', data: { runId, inputId, agent: 'client-desk', definitionVersion: VERSION, policyVersion: VERSION, envelopeMicros: 100_000, currency: 'USD', dataSubject: 'ada' } }]);
  const { recallId } = await fact(runId, 'runtime.loop.recall-requested');
  await say('memory', 'recall', runId, [{ type: 'memory.recall.answered', data: { recallId, facts: [], session: [], index: 'test', asOf: [], dataSubject: 'ada' } }]);
  return runId;
}

async function finish(runId: string): Promise<readonly LoopEvent[]> {
  const { effectId } = await fact(runId, 'runtime.loop.effect-requested');
  await say('connectors', 'effect', runId, [{ type: 'connectors.effect.succeeded', data: { effectId, generation: 1, dataSubject: 'ada', receipt: {}, knownBy: 'wire' } }]);
  await fact(runId, 'runtime.loop.finished');
  return loopOf(runId);
}

/** Whose call about the run came in as the `count`-th. */
const caller = (runId: string, count = 1): Promise<string> => until(`call ${count} about ${runId}`, () => model.callsOf(`about ${runId}`)[count - 1]?.key);

/** Each step was answered once, by whoever was its last holder, and the run is done. */
function expectWhole(events: readonly LoopEvent[], epochs: readonly number[]): void {
  const of = <T extends LoopEvent['type']>(type: T) => events.filter((event): event is Extract<LoopEvent, { type: T }> => event.type === type);
  expect(of('runtime.loop.claimed').map((event) => event.data.epoch)).toEqual(epochs);
  const asked = of('runtime.loop.model-asked');
  expect(of('runtime.loop.model-answered').map((event) => asked.find((ask) => ask.data.askId === event.data.askId)?.data.step)).toEqual([1, 2]);
  expect(of('runtime.loop.effect-requested')).toHaveLength(1);
  expect(of('runtime.loop.finished').map((event) => event.data.outcome)).toEqual(['done']);
}

describe('a worker that is no longer there', () => {
  it('[R5] [G10] killed in the middle of calls: another finishes every run, and only calls that were under way are made again', async () => {
    await Promise.all([startWorker('a'), startWorker('b')]);
    let open = (): void => {};
    const held = new Promise<void>((resolve) => (open = resolve));
    // Of two waves, the first is past its first answer when the worker dies, the second waits for it.
    const early = await Promise.all(['e1', 'e2', 'e3'].map(begin));
    await Promise.all(early.map((runId) => fact(runId, 'runtime.loop.effect-requested')));
    gate = () => held;
    const late = await Promise.all(['l1', 'l2', 'l3', 'l4'].map(begin));
    const callers = await Promise.all(late.map((runId) => caller(runId)));
    const victim = callers[0] ?? '';
    workers.get(victim)?.kill('SIGKILL');
    workers.delete(victim);
    const repeated = late.filter((_, index) => callers[index] === victim);
    for (const runId of repeated) expect(await caller(runId, 2)).not.toBe(victim);
    open();
    for (const runId of [...early, ...late]) {
      const again = repeated.includes(runId);
      expectWhole(await finish(runId), again ? [1, 2] : [1]);
      expect(model.callsAbout(`about ${runId}`), runId).toBe(again ? 3 : 2);
    }
  }, 150_000);

  it('[R5] stalled for three leases and alive: nobody takes its run, every call is made once', async () => {
    await Promise.all([startWorker('a'), startWorker('b')]);
    let open = (): void => {};
    const held = new Promise<void>((resolve) => (open = resolve));
    gate = () => held;
    const runId = await begin('stalled');
    const holder = await caller(runId);
    workers.get(holder)?.kill('SIGSTOP');
    // The other works meanwhile, also on what the stalled one was handed and has not claimed.
    gate = ({ prompt }) => (prompt.includes(runId) ? held : Promise.resolve());
    const meanwhile = begin('meanwhile').then(finish);
    const threeLeases = Date.now() + 3 * DELIVERY.ackWaitMs;
    await until('three leases', () => (Date.now() > threeLeases ? true : undefined));
    workers.get(holder)?.kill('SIGCONT');
    open();
    expectWhole(await finish(runId), [1]);
    expect(model.callsAbout(`about ${runId}`)).toBe(2);
    expectWhole(await meanwhile, [1]);
  }, 150_000);

  it(`[G10] frozen for three times as long as others wait: it wakes as a zombie and writes nothing, ${ROUNDS} times`, async () => {
    await Promise.all(['a', 'b'].map((name) => startWorker(name, { TEST_SILENCE_MS: String(SILENCE_MS) })));
    for (let round = 0; round < ROUNDS; round += 1) {
      let wake = (): void => {};
      const awake = new Promise<void>((resolve) => (wake = resolve));
      let zombie = '';
      let answered = 0;
      gate = async ({ prompt, key }) => {
        if (!prompt.includes(derivedId('takeover', `zombie-${round}`))) return;
        zombie ||= key;
        if (key !== zombie) return;
        await awake;
        answered += 1;
      };
      const runId = await begin(`zombie-${round}`);
      const holder = await caller(runId);
      const frozenAt = Date.now();
      workers.get(holder)?.kill('SIGSTOP');
      const events = await finish(runId);
      expectWhole(events, [1, 2]);
      expect(model.callsOf(`about ${runId}`).map(({ key }) => key)).toEqual([holder, otherThan(holder), otherThan(holder)]);
      await until('three times the silence', () => (Date.now() - frozenAt >= 3 * SILENCE_MS ? true : undefined));
      workers.get(holder)?.kill('SIGCONT');
      wake();
      await until('the answer that came too late', () => (answered > 0 ? true : undefined));
      // It is awake and does other work: until it has, nothing of the old may have been written.
      await until('work by the one that slept', async () => {
        const fresh = await begin(`fresh ${round} ${Date.now()}`);
        await finish(fresh);
        return model.callsOf(`about ${fresh}`).some(({ key }) => key === holder) ? true : undefined;
      });
      expect(await loopOf(runId)).toEqual(events);
    }
  }, 60_000 + ROUNDS * 30_000);
});
