/** Real processes of the runtime on a real broker, killed at labelled points between two durable actions. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyEvent, Context, LoopEvent } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { Committer, systemClock } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModelServer, type ModelServer } from './model-server.fixture.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VERSION = '0123456789abcdef';
const DEADLINE_MS = 60_000;

let broker: TestBroker;
let model: ModelServer;
const connections = new Map<Context, LogConnection>();

beforeAll(async () => {
  broker = await startBroker({ streams: 1 });
  model = await startModelServer();
  for (const service of ['governance', 'connectors', 'orchestrator', 'memory'] as const) {
    connections.set(service, await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: 1, keys: broker.keys, name: `test ${service}` }));
  }
  await say('governance', 'definition', 'client-desk', [
    {
      type: 'governance.definition.published',
      data: {
        version: VERSION,
        origin: 'test',
        definition: {
          name: 'client-desk',
          purpose: 'Answers clients.',
          instructions: 'Answer from the facts.',
          model: { alias: 'default', maxOutputTokens: 100, temperature: 0 },
          actions: ['mail.send'],
          memory: { recallLimit: 4 },
          budget: { perRunMicros: 100_000, currency: 'USD' },
          limits: { maxSteps: 6 },
        },
      },
    },
  ]);
}, 120_000);

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

interface Worker {
  readonly process: ChildProcess;
  readonly ended: Promise<NodeJS.Signals | number | null>;
}

function startWorker(environment: Record<string, string>): Worker {
  const child = fork(fileURLToPath(new URL('./runtime-worker.fixture.ts', import.meta.url)), [broker.url, broker.seedFile('runtime'), broker.keepFolder], {
    cwd: ROOT,
    execArgv: ['--conditions=@soloist/source', '--import', './tools/register.mjs'],
    env: { ...process.env, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.baseUrl, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { process: child, ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code))) };
}

async function loopOf(runId: string): Promise<readonly LoopEvent[]> {
  const commits = await logOf('governance').history({ context: 'runtime', entity: 'loop', key: runId });
  return commits.flatMap((commit) => commit.events) as LoopEvent[];
}

/** Polls the log until the run has such an event. */
async function until<T extends LoopEvent['type']>(runId: string, type: T): Promise<Extract<LoopEvent, { type: T }>['data']> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = (await loopOf(runId)).find((event) => event.type === type);
    if (found !== undefined) return found.data as never;
    if (Date.now() > deadline) throw new Error(`no ${type} of ${runId} within ${DEADLINE_MS} ms: ${JSON.stringify((await loopOf(runId)).map((event) => event.type))}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Plays the other services for one run while workers die and are started again. Answers the loop's events. */
async function play(label: string, runId: string, subject: string): Promise<{ readonly events: readonly LoopEvent[]; readonly deaths: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'soloist-kill-'));
  const environment = { SOLOIST_CRASH_PLAN: join(folder, 'plan') };
  writeFileSync(environment.SOLOIST_CRASH_PLAN, label);
  const inputId = derivedId('mail', runId);
  let deaths = 0;
  let worker = startWorker(environment);
  const watching = { isOver: false };
  const watch = (async () => {
    while (!watching.isOver) {
      const end = await worker.ended;
      if (watching.isOver) return;
      if (end !== 'SIGKILL') throw new Error(`the worker ended with ${String(end)}`);
      deaths += 1;
      worker = startWorker(environment);
    }
  })();
  const story = async (): Promise<void> => {
    const mail = { from: { name: 'Ada', address: 'ada@client.example' }, to: [], subject, text: 'What is the rate?', inReplyTo: null, attachments: [] };
    await say('connectors', 'intake', inputId, [{ type: 'connectors.intake.input-received', data: { inputId, source: 'mail', via: 'operator', dataSubject: 'ada', messageId: `<${runId}@x.example>`, ...mail, raw: null, trust: 'third-party-text' } }]);
    await say('orchestrator', 'run', runId, [{ type: 'orchestrator.run.admitted', data: { runId, inputId, agent: 'client-desk', definitionVersion: VERSION, policyVersion: VERSION, envelopeMicros: 100_000, currency: 'USD', dataSubject: 'ada' } }]);
    const { recallId } = await until(runId, 'runtime.loop.recall-requested');
    await say('memory', 'recall', runId, [{ type: 'memory.recall.answered', data: { recallId, facts: [], session: [], index: 'test', asOf: [], dataSubject: 'ada' } }]);
    const { effectId } = await until(runId, 'runtime.loop.effect-requested');
    await say('connectors', 'effect', runId, [{ type: 'connectors.effect.succeeded', data: { effectId, generation: 1, dataSubject: 'ada', receipt: {}, knownBy: 'wire' } }]);
    await until(runId, 'runtime.loop.finished');
    // The run may be over before the worker passes the point where it dies: an ack comes last.
    for (const deadline = Date.now() + DEADLINE_MS; deaths === 0 && Date.now() < deadline; ) await new Promise((resolve) => setTimeout(resolve, 25));
  };
  try {
    await Promise.race([story(), watch.then(() => Promise.reject(new Error('nobody watches the worker any more')))]);
    return { events: await loopOf(runId), deaths };
  } finally {
    watching.isOver = true;
    worker.process.kill('SIGKILL');
    await worker.ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a worker that is killed', () => {
  // A label is the point and the step of the commit; ids stand as *.
  const cases = [
    { label: 'before:runtime.loop.begin', asks: 2, calls: 2 },
    { label: 'after:runtime.loop.begin', asks: 2, calls: 2 },
    { label: 'before:runtime.loop.recalled:*-r1:1:1', asks: 2, calls: 2 },
    // The claim is there and nobody knows whether the call was made: the next worker asks again, as a new epoch.
    { label: 'claimed:model', asks: 3, calls: 2 },
    { label: 'acted:model', asks: 3, calls: 3 },
    { label: 'before:runtime.loop.answered:*-a1:1:2', asks: 3, calls: 3 },
    { label: 'after:runtime.loop.answered:*-a1:1:2', asks: 2, calls: 2 },
    { label: 'before-ack:memory.recall', asks: 2, calls: 2 },
    { label: 'after:runtime.loop.observed:*-e1:1:1', asks: 3, calls: 2 },
    { label: 'before-ack:connectors.effect', asks: 2, calls: 2 },
  ];
  it.each(cases)('[R5] [G10] at $label: $asks asks on the log, $calls calls made, one answer a step, one effect', async ({ label, asks, calls }) => {
    const runId = derivedId('run', label);
    const subject = `about ${runId}`;
    const { events, deaths } = await play(label, runId, subject);
    expect(deaths).toBe(1);
    const of = <T extends LoopEvent['type']>(type: T) => events.filter((event): event is Extract<LoopEvent, { type: T }> => event.type === type);
    const asked = of('runtime.loop.model-asked');
    const answered = of('runtime.loop.model-answered').map((event) => asked.find((ask) => ask.data.askId === event.data.askId)?.data.step);
    expect(asked).toHaveLength(asks);
    expect(model.callsAbout(subject)).toBe(calls);
    expect(answered).toEqual([1, 2]);
    expect(of('runtime.loop.effect-requested')).toHaveLength(1);
    expect(of('runtime.loop.claimed').map((event) => event.data.epoch)).toEqual(asks === 2 ? [1] : [1, 2]);
    expect(of('runtime.loop.finished').map((event) => event.data.outcome)).toEqual(['done']);
  }, 150_000);
});
