/**
 * The stream of notices on a real broker that is killed in between, cut again and again and resumed at either of two
 * replicas, while notices are written. What is heard in all is the whole, once.
 */
import { connectLog, eventIdOf, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runIdOf, until } from './company.fixture.js';
import { listen, remind, startOn, type Replica } from './event-stream.fixture.js';

const TURNS = 24;
const RUNS = 6;

let broker: TestBroker;
const connections: LogConnection[] = [];
const replicas: Replica[] = [];

async function connected(): Promise<LogConnection> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile('governance'), service: 'governance', streams: broker.streams, keys: broker.keys, name: `test governance ${connections.length}` });
  connections.push(connection);
  return connection;
}

beforeAll(async () => {
  broker = await startBroker({ streams: 4 });
  replicas.push(await startOn(await connected()), await startOn(await connected()));
});
afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  await Promise.allSettled(connections.map((connection) => connection.close()));
  await broker.stop();
});

test('cut and resumed at either replica, past a kill of the broker and a restart of one replica, each notice is heard once', async () => {
  const writer = await connected();
  const write = (runId: string, count: number): Promise<unknown> => remind({ connect: () => writer }, runId, count);
  const heard: string[] = [];
  let token = '';
  const listenOnce = async (replica: Replica, most: number): Promise<number> => {
    const listening = await listen(replica, token === '' ? { query: '?after=start&types=gate.reminded' } : { lastEventId: token, query: '?types=gate.reminded' });
    await until(async () => (await replica.look(), listening.heard.length >= most || listening.isOver), (isEnough) => isEnough);
    listening.hangUp();
    // What came after the last that we count was on its way when the stream was cut.
    const counted = listening.heard.slice(0, most);
    for (const { notice, token: last } of counted) {
      heard.push(notice.id);
      token = last;
    }
    return counted.length;
  };
  // A replica that cannot read the log just now says so and ends the stream: who listens comes back.
  const listenFor = async (replica: Replica, most: number): Promise<void> => {
    for (let left = most; left > 0; ) left -= await listenOnce(replica, left);
  };
  let written = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const count = 1 + (turn % 3);
    await write(runIdOf(turn % RUNS), count);
    written += count;
    if (turn === 8) {
      await broker.kill9();
      await broker.restart();
    }
    if (turn === 16) {
      await replicas[1]?.stop();
      replicas[1] = await startOn(await connected());
    }
    const left = written - heard.length;
    if (left > 1) await listenFor(replicas[turn % 2] as Replica, left - (turn % 2));
  }
  if (heard.length < written) await listenFor(replicas[0] as Replica, written - heard.length);
  const whole: string[] = [];
  for (let number = 0; number < RUNS; number += 1) {
    const commits = await writer.log.history({ context: 'governance', entity: 'gate', key: runIdOf(number) });
    const ids = commits.flatMap((commit) => commit.events.map((_event, index) => eventIdOf(commit.id, index)));
    expect(heard.filter((id) => ids.includes(id))).toEqual(ids);
    whole.push(...ids);
  }
  expect(whole.length).toBe(written);
  expect(heard.toSorted()).toEqual(whole.toSorted());
});
