/**
 * The company stop under load, on a real broker: pressed at random moments while effects start, with a governance
 * replica that falls asleep between its look at the stop and its word, and speaks after the acknowledgement.
 *
 * Started is what is armed on the log: the wire is touched only behind it. What was armed before a stop may touch the
 * wire after it; it is counted as in flight. SOLOIST_STOP_PRESSES=1000 presses as often as it says and prints figures.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorsService, digestOfAction, type Connector } from '@soloist/connectors';
import { haltKeyOfStream, streamOfKey, type AnyEvent, type Authorization, type Context, type HaltEvent, type StreamCount } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { CompanyStop } from '@soloist/governance';
import { isFault } from '@soloist/kernel';
import { Committer, defineEntity, part, readConfig, runInProcess, systemClock, type InProcess } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimedLoop, newSigner } from '../connectors/signed-authorization.fixture.js';

const PRESSES = Number(process.env['SOLOIST_STOP_PRESSES'] ?? 30);
const WORKERS = 6;
/** Of these, how many speak for the replica that sleeps. */
const SLEEPERS = 2;
const DEADLINE_MS = 60_000;
const ACTION = 'mail.send';

/** What really happened outside: which run's effect, at which moment of this process. */
const truth: { readonly runId: string; readonly atMs: number }[] = [];
const noop: Connector = {
  name: 'noop',
  actions: [
    {
      action: ACTION,
      effectClass: 'check-first',
      prepare: (args) =>
        Promise.resolve({
          digest: digestOfAction(ACTION, args as Authorization['args']),
          send: (mayProceed) =>
            mayProceed().then((may) => {
              if (!may) throw new Error('this process sleeps nowhere, so it holds its delivery');
              const { text } = args as { text: string };
              truth.push({ runId: /rate of (\S+) is/.exec(text)?.[1] ?? '', atMs: performance.now() });
              return {};
            }),
        }),
      look: () => Promise.resolve({ kind: 'cannot-tell', hint: 'nothing was kept' }),
    },
  ],
};

const signer = newSigner();
let broker: TestBroker;
let folder: string;
let running: InProcess;
const owners = new Map<Context | 'ops' | 'replica', LogConnection>();

beforeAll(async () => {
  [broker, folder] = await Promise.all([startBroker(), mkdtemp(join(tmpdir(), 'stop-presses-'))]);
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  const config = readConfig(connectorsService, { SOLOIST_DATA_DIR: folder, SOLOIST_SMTP_PORT: '0' });
  await signer.writePublicKey(config.governancePublicKeyFile);
  for (const owner of ['ops', 'runtime', 'governance', 'replica', 'connectors'] as const) {
    const service = owner === 'replica' ? 'governance' : owner;
    owners.set(owner, await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `test ${owner}` }));
  }
  const connection = as('connectors');
  const opened = await connectorsService.open({ config, connection, clock: systemClock });
  running = await runInProcess([part(connectorsService, connection, { ...opened, ports: { ...opened.ports, connectors: [noop] } })]);
}, 120_000);
afterAll(async () => {
  await running.stop();
  for (const owner of owners.values()) await owner.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

function as(owner: Context | 'ops' | 'replica'): LogConnection {
  const connection = owners.get(owner);
  if (connection === undefined) throw new Error(`${owner} is not connected`);
  return connection;
}

const entityOf = (context: Context, entity: string) => defineEntity<null, AnyEvent>({ context, entity, initial: null, evolve: (state) => state });
async function write(owner: 'runtime' | 'governance' | 'replica', entity: string, key: string, event: AnyEvent): Promise<void> {
  const context = owner === 'replica' ? 'governance' : owner;
  const origin = { cause: null, seed: randomUUID(), decider: 'test', traceparent: null };
  await new Committer(as(owner).log, context, systemClock).commit(origin, entityOf(context, entity), key, 'say', () => [event]);
}

/** What a governance process knows of the stop when it decides about a run. */
async function generationFor(owner: 'governance' | 'replica', runId: string): Promise<number> {
  const streams = broker.streams as StreamCount;
  const head = await as(owner).log.head({ context: 'governance', entity: 'halt', key: haltKeyOfStream(streamOfKey(runId, streams), streams) });
  return (head?.events as readonly HaltEvent[] | undefined)?.at(-1)?.data.generation ?? 0;
}

/** A loaded machine makes the broker late: what is only looked at or said again is tried again. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isFault(error) || error.kind !== 'transient' || performance.now() > deadline) throw error;
    }
  }
}

async function effectsEnd(runId: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const head = await as('ops').log.head({ context: 'connectors', entity: 'effect', key: runId });
    if (head !== null && head.events.some(({ type }) => /\.(succeeded|failed|unknown|refused)$/.test(type))) return;
    if (performance.now() > deadline) throw new Error(`the effect of run ${runId} came to no end`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('[G25] [V13] [O7] whenever the stop is pressed, no effect starts behind its acknowledgement, not by the word of a replica that slept through it', async () => {
  const stops = [new CompanyStop(as('governance').log), new CompanyStop(as('replica').log)];
  const runs: string[] = [];
  const counts = { slept: 0, presses: 0 };
  const acknowledgedIn: number[] = [];
  const stopped: { from: number; to: number }[] = [];
  let isOver = false;
  let acknowledged = Promise.withResolvers<void>();
  const worker = async (number: number): Promise<void> => {
    for (let turn = 0; !isOver; turn += 1) {
      const runId = derivedId('run', `press-${number}-${turn}`);
      const sleeps = number < SLEEPERS;
      await patiently(() => write('runtime', 'loop', runId, claimedLoop(runId, 1)));
      const stopGeneration = await patiently(() => generationFor(sleeps ? 'replica' : 'governance', runId));
      if (sleeps) {
        await acknowledged.promise;
        counts.slept += 1;
      }
      await patiently(() => write(sleeps ? 'replica' : 'governance', 'gate', runId, signer.authorized(runId, { stopGeneration })));
      runs.push(runId);
      await patiently(() => effectsEnd(runId));
    }
  };
  const load = Array.from({ length: WORKERS }, (_, number) => worker(number));
  for (; counts.presses < PRESSES; counts.presses += 1) {
    await new Promise((resolve) => setTimeout(resolve, randomInt(60)));
    const pressedAt = performance.now();
    await untilAcknowledged(() => (stops[counts.presses % 2] as CompanyStop).raise(randomUUID(), { by: 'operator', because: 'press' }));
    const from = performance.now();
    acknowledgedIn.push(from - pressedAt);
    acknowledged.resolve();
    await new Promise((resolve) => setTimeout(resolve, randomInt(40)));
    const to = performance.now();
    acknowledged = Promise.withResolvers<void>();
    stopped.push({ from, to });
    await untilAcknowledged(() => (stops[(counts.presses + 1) % 2] as CompanyStop).lift(randomUUID(), { by: 'operator', because: 'press' }));
  }
  isOver = true;
  acknowledged.resolve();
  await Promise.all(load);
  const seen = await judge(runs, stopped);
  const sorted = acknowledgedIn.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  process.stdout.write(`${JSON.stringify({ ...counts, effects: truth.length, runs: runs.length, ...seen, ackP50Ms: at(0.5), ackP99Ms: at(0.99), ackMaxMs: at(1) })}\n`);
  expect(seen.startedBehind).toBe(0);
  expect(seen.doubled).toBe(0);
  // Otherwise nothing was tried.
  expect(Math.min(truth.length, counts.slept, seen.refused)).toBeGreaterThan(PRESSES / 10);
}, 1_200_000);

/** As an operator does who is told that it is not acknowledged. */
async function untilAcknowledged(press: () => ReturnType<CompanyStop['raise']>): Promise<void> {
  while ((await patiently(press)).missing > 0);
}

/** Holds every effect outside against the log: it was armed, once, and not behind a stop of its stream that stood. */
async function judge(runs: readonly string[], stopped: readonly { from: number; to: number }[]): Promise<{ startedBehind: number; inFlight: number; refused: number; doubled: number }> {
  const streams = broker.streams as StreamCount;
  const { log } = as('ops');
  const halts = await Promise.all(Array.from({ length: streams }, (_, stream) => log.history({ context: 'governance', entity: 'halt', key: haltKeyOfStream(stream, streams) })));
  const found = { startedBehind: 0, inFlight: 0, refused: 0, doubled: 0 };
  const times = new Map<string, number[]>();
  for (const { runId, atMs } of truth) times.set(runId, [...(times.get(runId) ?? []), atMs]);
  for (const runId of runs) {
    const commits = (await log.episode(runId)).filter(({ address }) => address.context === 'connectors');
    const armed = commits.find(({ events }) => events.some(({ type }) => type === 'connectors.arming.armed'))?.position.sequence ?? null;
    const [atMs, ...again] = times.get(runId) ?? [];
    found.doubled += again.length;
    if (atMs === undefined) found.refused += 1;
    if (atMs === undefined) continue;
    const last = halts[streamOfKey(runId, streams)]?.findLast(({ position }) => armed !== null && position.sequence < armed)?.events.at(-1)?.type;
    if (armed === null || last === 'governance.halt.raised') found.startedBehind += 1;
    if (stopped.some(({ from, to }) => from < atMs && atMs < to)) found.inFlight += 1;
  }
  return found;
}
