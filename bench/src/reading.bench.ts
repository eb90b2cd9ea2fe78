/**
 * `fold-rebuild`: all events of a log read in batches, decoded, chain-hashed and folded; the limit is the same read
 * without the fold, so the ratio says what folding adds.
 */
import { loop as loopContract, subjectOf, type AnyEvent } from '@soloist/contracts';
import { commitIdOf, connectLog, derivedId, type Commit, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, type Figure, type Round } from './figure.js';
import { ratePerSecond } from './in-flight.js';

const ROUNDS = 5;
const FOLDED_EVENTS = 200_000;
const EVENTS_PER_COMMIT = 20;
const BATCH = 1_000;

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

function connect(broker: TestBroker): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile('runtime'), service: 'runtime', streams: 1, keys: broker.keys, name: 'bench' });
}

let made = 0;
function nextKey(): string {
  made += 1;
  return derivedId('bench-read', String(process.pid), String(made));
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
