/**
 * `cold-read-N`: the history of an entity with 50 commits, read through the log as a worker does that has never seen it,
 * in one stream of N messages. N messages are runs of 50 commits over 5 subjects, 16 at a time; the entities that are
 * read were written among them, at places spread over the whole stream, 8 at a time. Each is read once after the broker
 * was started again, so nothing is in a cache of ours, and what the broker has is what it has after a start.
 *
 * value: median of our read, in ms. limit: median of the same two requests (last of the subject, batch from the first
 * commit on) sent by the same connection beside it, answers taken and not decoded. The p99s go with `-p99` in the name.
 * `flat-read`: the median of the largest log over that of the smallest; the limit is the same of the bare requests.
 */
import { createInbox, type NatsConnection } from '@nats-io/nats-core';
import { eventStreamName, loop as loopContract, subjectOf, type AnyEvent } from '@soloist/contracts';
import { commitIdOf, connectLog, derivedId, type Commit, type LogConnection } from '@soloist/eventlog';
import { CORE_API } from '@soloist/eventlog/broker';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, median, percentile, type Figure } from './figure.js';
import { Others, whileLazy } from './lazy-broker.js';

const COMMITS = 50;
const GROUPS = 12;
const ENTITIES_IN_GROUP = 8;
const OTHERS_BETWEEN = 64;
const ROUNDS = 5;

export interface ColdReadSize {
  readonly name: string;
  readonly messages: number;
}

export const COLD_READ_SIZES: readonly ColdReadSize[] = [
  { name: 'cold-read-10k', messages: 10_000 },
  { name: 'cold-read-100k', messages: 100_000 },
  { name: 'cold-read-1m', messages: 1_000_000 },
  { name: 'cold-read-3m', messages: 3_000_000 },
];

export async function benchColdRead(sizes: readonly ColdReadSize[]): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 1 });
  try {
    const figures: Figure[] = [];
    let filled = 0;
    for (const size of sizes) {
      const entities = await fill(broker, size.messages - filled);
      filled = size.messages;
      figures.push(...(await measure(broker, size, entities)));
    }
    return sizes.length < 2 ? figures : [...figures, flatness(figures.filter(({ name }) => !name.endsWith('-p99')))];
  } finally {
    await broker.stop();
  }
}

/** How much slower the largest log is read than the smallest, ours beside the bare requests. */
function flatness(medians: readonly Figure[]): Figure {
  const [first, last] = [medians[0] as Figure, medians.at(-1) as Figure];
  return figureOf('flat-read', '×', [{ value: last.value / first.value, limit: last.limit / first.limit }]);
}

async function fill(broker: TestBroker, messages: number): Promise<readonly string[]> {
  const started = performance.now();
  const written = GROUPS * ENTITIES_IN_GROUP * COMMITS;
  const others = Math.max(0, messages - written);
  const between = Math.min(OTHERS_BETWEEN, Math.floor(others / (GROUPS * COMMITS)));
  const around = Math.floor(others / GROUPS) - between * COMMITS;
  const entities = await whileLazy(broker, async () => {
    const filler = await broker.connect('ops');
    const writer = await connect(broker);
    try {
      const crowd = new Others(filler);
      const keys: string[] = [];
      for (let group = 0; group < GROUPS; group += 1) {
        await crowd.add(around);
        keys.push(...(await writeGroup(writer, () => crowd.add(between))));
      }
      return keys;
    } finally {
      await Promise.all([writer.close(), filler.close()]);
    }
  });
  process.stderr.write(`filled with ${messages} messages in ${((performance.now() - started) / 1_000).toFixed(1)} s\n`);
  return entities;
}

async function writeGroup(writer: LogConnection, others: () => Promise<void>): Promise<readonly string[]> {
  const keys = Array.from({ length: ENTITIES_IN_GROUP }, nextKey);
  let heads: (Commit | null)[] = keys.map(() => null);
  for (let index = 0; index < COMMITS; index += 1) {
    heads = await Promise.all(keys.map((key, lane) => append(writer, key, index, heads[lane] ?? null)));
    await others();
  }
  return keys;
}

async function measure(broker: TestBroker, { name, messages }: ColdReadSize, entities: readonly string[]): Promise<readonly Figure[]> {
  const reader = await connect(broker);
  const bare = await broker.connect('runtime');
  const rounds: { ours: number[]; raw: number[] }[] = [];
  try {
    await readOnce(reader, entities[0] as string);
    for (let round = 0; round < ROUNDS; round += 1) {
      const times = { ours: [] as number[], raw: [] as number[] };
      for (const [index, key] of entities.entries()) {
        // Whoever comes second finds the broker's blocks warm, so they take turns.
        const order = (index + round) % 2 === 0 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const);
        for (const who of order) times[who].push(await millisOf(() => (who === 'ours' ? readOnce(reader, key) : rawRead(bare, key))));
      }
      rounds.push(times);
    }
  } finally {
    await Promise.all([reader.close(), bare.close()]);
  }
  process.stderr.write(`${name}: first reads after the start p50 ${median(rounds[0]?.ours ?? []).toFixed(2)} ms, among ${messages} messages\n`);
  return [0.5, 0.99].map((share) => {
    const ours = percentile(rounds.flatMap((round) => round.ours), share);
    const raw = percentile(rounds.flatMap((round) => round.raw), share);
    const ratios = rounds.map((round) => percentile(round.ours, share) / percentile(round.raw, share));
    return { name: share === 0.5 ? name : `${name}-p99`, value: ours, unit: 'ms', limit: raw, ratio: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios), runs: ROUNDS };
  });
}

async function millisOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function readOnce(reader: LogConnection, key: string): Promise<void> {
  const commits = await reader.log.read({ context: 'runtime', entity: 'loop', key });
  if (commits.length !== COMMITS) throw new Error(`read ${commits.length} of ${COMMITS} commits`);
}

/** What any client must do: ask for the last message, which says where to begin, then for all from there. */
async function rawRead(connection: NatsConnection, key: string): Promise<void> {
  const subject = subjectOf('evt', { context: 'runtime', entity: 'loop', key });
  const api = `${CORE_API}.DIRECT.GET.${eventStreamName(0)}`;
  const last = await connection.request(`${api}.${subject}`);
  const seq = Number(last.headers?.get('Soloist-From'));
  const inbox = createInbox();
  const count = await new Promise<number>((resolve, reject) => {
    let found = 0;
    const subscription = connection.subscribe(inbox, {
      callback: (error, msg) => {
        if (error !== null) return reject(error);
        if (msg.headers?.code === 204) {
          subscription.unsubscribe();
          resolve(found);
        } else found += 1;
      },
    });
    connection.publish(api, JSON.stringify({ seq, batch: 500, next_by_subj: subject }), { reply: inbox });
  });
  if (count !== COMMITS) throw new Error(`fetched ${count} of ${COMMITS} messages`);
}

function connect(broker: TestBroker): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile('runtime'), service: 'runtime', streams: 1, keys: broker.keys, name: 'bench' });
}

let made = 0;
function nextKey(): string {
  made += 1;
  return derivedId('bench-read', String(process.pid), String(made));
}

async function append(writer: LogConnection, key: string, index: number, after: Commit | null): Promise<Commit> {
  const address = { context: loopContract.context, entity: loopContract.entity, key };
  const events: AnyEvent[] = [0, 1].map((part) => ({ type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `wait-${index}-${part}` } }));
  const appended = await writer.log.append({
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
