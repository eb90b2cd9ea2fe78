/**
 * `steps-N`: durable steps of ten-step programs, N runs at a time, from the command that starts a run to the commit that
 * ends it, through the real service on a real broker with accounts. The limit is a bare publish with an expectation by
 * the same account on the same streams, N subjects at a time. Writes count everything stored for a run: the command and
 * each commit. What a run costs the broker besides (the delivery of the command and its removal) shows in its CPU time.
 */
import { readFileSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { genaiPriceBook } from '@soloist/catalog';
import { subjectOf } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { ajvArgsCheck, defineProgram, ProgramRegistry, rehearsalModel, runtimeService, type RuntimePorts } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, type Figure, type Round } from './figure.js';
import { ratePerSecond } from './in-flight.js';

const STEPS = 10;
const ROUNDS = 7;
const RUNS: Readonly<Record<number, number>> = { 1: 20, 16: 96, 64: 256 };
/** About the bytes of a step's commit beside it, headers and all. */
const BODY = 'x'.repeat(900);

const program = defineProgram({
  name: 'bench',
  version: '1',
  run: async (context) => {
    for (let step = 1; step <= STEPS; step += 1) await context.step(`step-${step}`, ({ attempt }) => ({ step, attempt }), { args: step });
  },
});

export async function benchSteps(width: number): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 8 });
  const seen = new Seen();
  const runtime = await connect(broker, 'runtime');
  const operator = await connect(broker, 'governance');
  const service = await runInProcess([part(runtimeService, seen.through(runtime), { ports: ports(), close: async () => {} })]);
  const bare = await barePublisher(broker);
  try {
    const runs = RUNS[width] ?? 20;
    const run = () => runOnce(operator, seen);
    await ratePerSecond(runs, width, run);
    await ratePerSecond(runs, width, bare.lane);
    const rounds: Round[] = [];
    seen.reset();
    const cpu = { bare: NOTHING_USED, ours: NOTHING_USED };
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = used(broker);
      const limit = STEPS * (await ratePerSecond(runs, width, bare.lane));
      const between = used(broker);
      rounds.push({ limit, value: STEPS * (await ratePerSecond(runs, width, run)) });
      cpu.bare = plus(cpu.bare, started, between);
      cpu.ours = plus(cpu.ours, between, used(broker));
    }
    tell(width, seen, cpu, ROUNDS * runs * STEPS);
    return [figureOf(`steps-${width}`, 'steps/s', rounds)];
  } finally {
    await service.stop();
    await Promise.all([runtime.close(), operator.close(), bare.close()]);
    await broker.stop();
  }
}

/** Processor time in microseconds. */
interface Used {
  readonly process: number;
  readonly broker: number;
}

const NOTHING_USED: Used = { process: 0, broker: 0 };
/** Of the times in /proc/PID/stat. */
const TICK_MICROS = 10_000;

function used({ pid }: TestBroker): Used {
  const { user, system } = process.cpuUsage();
  // After the name, which may hold blanks: user and system time are the 12th and 13th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { process: user + system, broker: (Number(fields[11]) + Number(fields[12])) * TICK_MICROS };
}

function plus(sum: Used, from: Used, to: Used): Used {
  return { process: sum.process + to.process - from.process, broker: sum.broker + to.broker - from.broker };
}

function tell(width: number, seen: Seen, { bare, ours }: { readonly bare: Used; readonly ours: Used }, steps: number): void {
  const each = (micros: number): string => (micros / steps).toFixed(0);
  const writes = (seen.commits + seen.runs) / (seen.runs * STEPS);
  process.stderr.write(
    `steps-${width}: ${each(ours.process)} µs of this process and ${each(ours.broker)} µs of the broker a step; a bare publish ${each(bare.process)} µs and ${each(bare.broker)} µs\n` +
      `steps-${width}: ${writes.toFixed(2)} writes a step (${(seen.commits / seen.runs).toFixed(1)} commits and 1 command a run of ${STEPS} steps)\n`,
  );
}

/** Counts what the service writes, and tells when a run has ended. */
class Seen {
  commits = 0;
  runs = 0;
  private readonly waiting = new Map<string, () => void>();

  ended(runId: string): Promise<void> {
    return new Promise((resolve) => this.waiting.set(runId, resolve));
  }

  reset(): void {
    this.commits = 0;
    this.runs = 0;
  }

  through(connection: LogConnection): LogConnection {
    const append: LogConnection['log']['append'] = async (draft) => {
      const appended = await connection.log.append(draft);
      if (appended.outcome !== 'committed') throw new Error(`a run of the bench met a conflict on ${draft.address.key}`);
      this.commits += 1;
      const ended = draft.events.find((event) => event.type === 'runtime.loop.program-ended');
      if (ended !== undefined) this.end(draft.address.key, ended.data);
      return appended;
    };
    return { ...connection, log: { ...connection.log, append } };
  }

  private end(runId: string, data: unknown): void {
    if ((data as { outcome: string }).outcome !== 'done') throw new Error(`run ${runId} ended badly: ${JSON.stringify(data)}`);
    this.runs += 1;
    this.waiting.get(runId)?.();
    this.waiting.delete(runId);
  }
}

let made = 0;
function nextKey(): string {
  made += 1;
  return derivedId('bench-run', String(process.pid), String(made));
}

async function runOnce(operator: LogConnection, seen: Seen): Promise<void> {
  const runId = nextKey();
  const ended = seen.ended(runId);
  const body = { type: 'runtime.loop.start-program', program: 'bench', version: '1', input: null, dataSubject: 'bench' };
  await operator.log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: derivedId('bench-command', runId), actor: 'bench', body });
  await ended;
}

function connect(broker: TestBroker, service: 'runtime' | 'governance'): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `bench ${service}` });
}

function ports(): RuntimePorts {
  return { model: rehearsalModel(), modelOfAlias: () => null, windowTokens: 1_000, prices: genaiPriceBook(), checkArgs: ajvArgsCheck(), pause: async () => {}, programs: new ProgramRegistry([program]) };
}

/** Ten bare publishes, one after the other on one subject, each expecting the one before: what ten steps cost at least. */
async function barePublisher(broker: TestBroker): Promise<{ lane: () => Promise<void>; close: () => Promise<void> }> {
  const connection = await broker.connect('runtime');
  const client = jetstream(connection);
  return {
    lane: async () => {
      const subject = subjectOf('evt', { context: 'runtime', entity: 'loop', key: nextKey() });
      let last = 0;
      for (let step = 0; step < STEPS; step += 1) last = (await client.publish(subject, BODY, { expect: { lastSubjectSequence: last } })).seq;
    },
    close: () => connection.close(),
  };
}
