/**
 * `append`: one durable commit through `eventlog.append` against a bare publish of the same bytes by the same client,
 * on the same streams, with and without other appends in flight. Both go through the service's own account.
 */
import { jetstream } from '@nats-io/jetstream';
import { connectLog, derivedId } from '@soloist/eventlog';
import { streamOfKey, subjectOf, type RequestEvent } from '@soloist/contracts';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, type Figure, type Round } from './figure.js';
import { ratePerSecond } from './in-flight.js';

const ROUNDS = 7;
const COUNT: Readonly<Record<number, number>> = { 1: 300, 64: 1_500 };
/** About the size of a loop commit: the bytes of a bare publish are those of the commit beside it. */
const REASON = 'x'.repeat(700);

export async function benchAppend(): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 8 });
  try {
    const figures: Figure[] = [];
    for (const width of [1, 64]) figures.push(figureOf(`append-${width}-in-flight`, 'commits/s', await rounds(broker, width)));
    return figures;
  } finally {
    await broker.stop();
  }
}

async function rounds(broker: TestBroker, width: number): Promise<readonly Round[]> {
  const bare = await barePublisher(broker);
  const ours = await committer(broker);
  const count = COUNT[width] ?? 300;
  const measured: Round[] = [];
  try {
    await ratePerSecond(count, width, bare.publish);
    await ratePerSecond(count, width, ours.append);
    for (let round = 0; round < ROUNDS; round += 1) {
      const limit = await ratePerSecond(count, width, bare.publish);
      measured.push({ limit, value: await ratePerSecond(count, width, ours.append) });
    }
    return measured;
  } finally {
    await Promise.all([bare.close(), ours.close()]);
  }
}

function eventOf(inputId: string): RequestEvent {
  return { type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule: 'bench', reasons: [REASON], dataSubject: 'bench' } };
}

let sequence = 0;
/** Every append goes to an entity of its own, spread over the buckets, as the first commits of runs do. */
function nextKey(): string {
  sequence += 1;
  return derivedId('bench', String(process.pid), String(sequence));
}

async function barePublisher(broker: TestBroker): Promise<{ publish: () => Promise<unknown>; close: () => Promise<void> }> {
  const connection = await broker.connect('orchestrator');
  const client = jetstream(connection);
  return {
    publish: () => {
      const key = nextKey();
      const subject = subjectOf('evt', { context: 'orchestrator', entity: 'request', key });
      return client.publish(subject, JSON.stringify([eventOf(key).data]), { expect: { lastSubjectSequence: 0 } });
    },
    close: () => connection.close(),
  };
}

async function committer(broker: TestBroker): Promise<{ append: () => Promise<unknown>; close: () => Promise<void> }> {
  const connection = await connectLog({
    servers: broker.url,
    seedFile: broker.seedFile('orchestrator'),
    service: 'orchestrator',
    streams: broker.streams,
    keys: broker.keys,
    name: 'bench',
  });
  return {
    append: async () => {
      const key = nextKey();
      const appended = await connection.log.append({
        address: { context: 'orchestrator', entity: 'request', key },
        id: derivedId('bench-commit', key),
        cause: null,
        actor: 'bench',
        policy: null,
        at: '2026-01-01T00:00:00.000Z',
        traceparent: null,
        events: [eventOf(key)],
        after: null,
        snapshot: false,
      });
      if (appended.outcome !== 'committed') throw new Error(`bench append on ${streamOfKey(key, broker.streams)} met a conflict`);
    },
    close: () => connection.close(),
  };
}
