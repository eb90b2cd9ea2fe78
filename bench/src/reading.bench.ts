/**
 * `cold-read`: a history of 50 commits read by its head and one batch get, in a log of 100,000 messages; the limit is
 * the same read in a log of 10,000, so the ratio says whether it stays flat.
 * `fold-rebuild`: all events of a log read in batches, decoded, chain-hashed and folded; the limit is the same read
 * without the fold, so the ratio says what folding adds.
 */
import { jetstream } from '@nats-io/jetstream';
import { loop as loopContract, subjectOf, type AnyEvent } from '@soloist/contracts';
import { commitIdOf, connectLog, derivedId, type Commit, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, median, type Figure, type Round } from './figure.js';
import { ratePerSecond } from './in-flight.js';

const READS = 200;
const ROUNDS = 5;
const EPISODE = 50;
const SIZES = [10_000, 100_000] as const;
const FOLDED_EVENTS = 200_000;
const EVENTS_PER_COMMIT = 20;
const BATCH = 1_000;

export async function benchColdRead(): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 1 });
  const connection = await connect(broker);
  try {
    const rates: number[][] = [];
    let filled = 0;
    for (const size of SIZES) {
      await fill(broker, size - filled);
      filled = size;
      const key = await episode(connection);
      rates.push(await readRates(connection, key, size));
    }
    const rounds: Round[] = (rates[1] ?? []).map((value, index) => ({ value, limit: rates[0]?.[index] ?? Number.NaN }));
    return [figureOf('cold-read', 'reads/s', rounds)];
  } finally {
    await connection.close();
    await broker.stop();
  }
}

export async function benchFoldRebuild(): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 1 });
  const connection = await connect(broker);
  try {
    await ratePerSecond(FOLDED_EVENTS / EVENTS_PER_COMMIT, 64, () => append(connection, nextKey(), 0, null, EVENTS_PER_COMMIT));
    const rounds: Round[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const limit = await readAll(connection, () => undefined);
      const counts = new Map<string, number>();
      const value = await readAll(connection, (commit) => {
        for (const event of commit.events) counts.set(commit.subject, (counts.get(commit.subject) ?? 0) + event.type.length);
      });
      if (round > 0) rounds.push({ limit, value });
    }
    return [figureOf('fold-rebuild', 'events/s', rounds)];
  } finally {
    await connection.close();
    await broker.stop();
  }
}

async function readAll(connection: LogConnection, take: (commit: Commit) => void): Promise<number> {
  const started = performance.now();
  let events = 0;
  for (let after = 0; ; ) {
    const commits = await connection.log.readAfter(0, after, BATCH);
    const last = commits.at(-1);
    if (last === undefined) return (events * 1_000) / (performance.now() - started);
    for (const commit of commits) {
      events += commit.events.length;
      take(commit);
    }
    after = last.position.sequence;
  }
}

async function readRates(connection: LogConnection, key: string, size: number): Promise<number[]> {
  const rates: number[] = [];
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rate = await ratePerSecond(READS, 1, async () => {
      const started = performance.now();
      const commits = await connection.log.read({ context: 'runtime', entity: 'loop', key });
      if (commits.length !== EPISODE) throw new Error(`read ${commits.length} of ${EPISODE} commits`);
      if (round > 0) times.push(performance.now() - started);
    });
    if (round > 0) rates.push(rate);
  }
  const sorted = [...times].sort((left, right) => left - right);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  process.stderr.write(`cold-read among ${size} messages: p50 ${median(times).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`);
  return rates;
}

function connect(broker: TestBroker): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile('runtime'), service: 'runtime', streams: 1, keys: broker.keys, name: 'bench' });
}

let made = 0;
function nextKey(): string {
  made += 1;
  return derivedId('bench-read', String(process.pid), String(made));
}

/** Messages of others: they only have to be there. */
async function fill(broker: TestBroker, count: number): Promise<void> {
  const connection = await broker.connect('runtime');
  const client = jetstream(connection);
  const publish = (): Promise<unknown> => client.publish(subjectOf('evt', { context: 'runtime', entity: 'loop', key: nextKey() }), 'x'.repeat(700));
  await ratePerSecond(count, 256, publish);
  await connection.close();
}

async function episode(connection: LogConnection): Promise<string> {
  const key = nextKey();
  let after: Commit | null = null;
  for (let index = 0; index < EPISODE; index += 1) after = await append(connection, key, index, after, 2);
  return key;
}

async function append(connection: LogConnection, key: string, index: number, after: Commit | null, count: number): Promise<Commit> {
  const address = { context: loopContract.context, entity: loopContract.entity, key };
  const events = Array.from({ length: count }, (_, number): AnyEvent => ({ type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `wait-${index}-${number}` } }));
  const appended = await connection.log.append({
    address,
    id: commitIdOf(`${key}-${index}`, 'bench', subjectOf('evt', address)),
    cause: null,
    actor: 'runtime',
    policy: null,
    at: '2026-01-01T00:00:00.000Z',
    traceparent: null,
    events,
    after: after === null ? null : { sequence: after.position.sequence, hash: after.hash, from: after.from },
    snapshot: false,
  });
  if (appended.outcome !== 'committed') throw new Error('the bench met a conflict');
  return appended.commit;
}
