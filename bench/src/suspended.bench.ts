/**
 * What a run costs while it waits.
 * `suspended-run-broker`: resident bytes of the broker a run, 100,000 agent runs that wait for the operator (four
 *   subjects, seven commits each), against one bare message on a subject of its own a run, which no log can go below.
 *   The broker is ended and started again before each look: what counts is what it holds, not what it has not yet freed.
 * `suspended-run-store`: bytes in its store for the same runs; the limit is the bytes of the bodies alone.
 * `suspended-run-worker`: bytes on the heap of a runtime that has suspended 100,000 program runs (fewer where the time runs out), after collection; the
 *   limit is a pending promise with its state a run, the least that a process which keeps its runs would need. The
 *   caches are filled before, since they are bounded: what is left is what grows.
 */
import { defineProgram } from '@soloist/runtime';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, type Figure } from './figure.js';
import { ratePerSecond } from './in-flight.js';
import { whileLazy } from './lazy-broker.js';
import { heapBytes, residentBytesOf } from './process-cost.js';
import { startProgramService } from './program-service.js';
import { COMMITS_UNTIL_GATE, RunTemplate } from './run-template.js';

const RUNS = 100_000;
/** More than any cache of the worker holds. */
const RUNS_BEFORE = 5_000;
const AT_ONCE = 128;
/** In this time, a minute unless `SOLOIST_BENCH_SUSPEND_SECONDS` says more, fewer runs may be suspended: the cost is one a run, and the count is said beside it. */
const WITHIN_MS = Number(process.env['SOLOIST_BENCH_SUSPEND_SECONDS'] ?? 60) * 1_000;

const waiting = defineProgram({
  name: 'bench-waiting',
  version: '1',
  run: async (context) => {
    await context.waitFor('approval');
  },
});

export async function benchSuspended(runs = RUNS): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 8 });
  try {
    return [...(await brokerSide(broker, runs)), await workerSide(broker, runs)];
  } finally {
    await broker.stop();
  }
}

interface Held {
  readonly resident: number;
  readonly stored: number;
}

async function brokerSide(broker: TestBroker, runs: number): Promise<readonly Figure[]> {
  const template = await RunTemplate.make(broker.keys);
  await broker.restart();
  const empty = await heldBy(broker);
  let bytes = 0;
  const add = async (work: (template: RunTemplate) => (connection: Awaited<ReturnType<TestBroker['connect']>>) => Promise<number>): Promise<Held> => {
    await whileLazy(broker, async () => {
      const connection = await broker.connect('ops');
      bytes = await work(template)(connection);
      await connection.close();
    });
    return heldBy(broker);
  };
  const bare = await add((of) => (connection) => of.stampBare(connection, runs));
  const full = await add((of) => (connection) => of.stamp(connection, runs, COMMITS_UNTIL_GATE));
  return [
    figureOf('suspended-run-broker', 'bytes', [{ value: (full.resident - bare.resident) / runs, limit: (bare.resident - empty.resident) / runs }]),
    figureOf('suspended-run-store', 'bytes', [{ value: (full.stored - bare.stored) / runs, limit: bytes / runs }]),
  ];
}

async function heldBy(broker: TestBroker): Promise<Held> {
  const answer = (await (await fetch(new URL('/jsz', broker.healthUrl))).json()) as { bytes: number };
  return { resident: residentBytesOf(broker.pid), stored: answer.bytes };
}

async function workerSide(broker: TestBroker, runs: number): Promise<Figure> {
  const perRun = await whileLazy(broker, async () => {
    const service = await startProgramService(broker, [waiting]);
    const suspend = (): Promise<void> => service.run(waiting, 'runtime.loop.program-suspended');
    await ratePerSecond(RUNS_BEFORE, AT_ONCE, suspend);
    const before = heapBytes();
    const started = performance.now();
    let suspended = 0;
    await ratePerSecond(runs, AT_ONCE, async () => {
      if (performance.now() - started > WITHIN_MS) return;
      await suspend();
      suspended += 1;
    });
    const after = heapBytes();
    await service.stop();
    process.stderr.write(`suspended-run-worker: ${suspended} runs were suspended in ${((performance.now() - started) / 1_000).toFixed(0)} s\n`);
    return (after - before) / suspended;
  });
  return figureOf('suspended-run-worker', 'bytes', [{ value: perRun, limit: keptInMemory(runs) }]);
}

function keptInMemory(runs: number): number {
  const before = heapBytes();
  const kept = new Map<string, { readonly state: { readonly step: number }; readonly resumed: Promise<unknown> }>();
  for (let index = 0; index < runs; index += 1) kept.set(`run-${index}`, { state: { step: index }, resumed: new Promise(() => {}) });
  const perRun = (heapBytes() - before) / kept.size;
  kept.clear();
  return perRun;
}
