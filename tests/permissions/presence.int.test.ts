/** Who of a service is there is told inside its own account: workers hear of each other, and nobody else does (ADR 0012). */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Context } from '@soloist/contracts';
import { connectLog, type LogConnection, type Peers } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, settle } from './wire.js';

let broker: TestBroker;
const opened: LogConnection[] = [];

beforeAll(async () => {
  broker = await startBroker({ streams: 1 });
}, 60_000);
afterAll(async () => {
  await Promise.all(opened.map((connection) => connection.close()));
  await broker.stop();
});

interface Worker {
  readonly connection: LogConnection;
  readonly peers: Peers;
  readonly has: Set<string>;
}

async function worker(service: Context): Promise<Worker> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: 1, keys: broker.keys, name: `test ${service}` });
  opened.push(connection);
  const has = new Set<string>();
  const peers = await connection.presence?.join(service, (delivery) => has.has(delivery));
  if (peers === undefined) throw new Error('nobody can be asked');
  return { connection, peers, has };
}

/** What is said in an account. */
function listening(connection: NatsConnection, subject: string): string[] {
  const heard: string[] = [];
  connection.subscribe(subject, { callback: (_error, message) => void heard.push(`${message.subject} ${message.string()}`) });
  return heard;
}

describe('presence', () => {
  it('[R5] tells who has a delivery in hand, and that a connection is gone', async () => {
    const [one, other] = [await worker('runtime'), await worker('runtime')];
    other.has.add('event:0:7');
    await expect.poll(() => one.peers.holderOf('event:0:7')).toBe('another');
    expect(await one.peers.holderOf('event:0:8')).toBe('nobody');
    await other.connection.close();
    await expect.poll(() => one.peers.holderOf('event:0:7'), { timeout: 2_000 }).toBe('nobody');
  });

  it('[G23] stays inside the account: no other service asks, answers or listens', async () => {
    const one = await worker('runtime');
    const inside = listening(await broker.connect('runtime'), 'presence.>');
    const memory = await broker.connect('memory');
    const outside = listening(memory, 'presence.>');
    await expect.poll(() => inside.length, { timeout: 5_000 }).toBeGreaterThan(0);
    const id = inside[0]?.split(' ').at(-1) ?? '';
    // Where nobody listens to everything, the broker says that nobody is there.
    expect((await ask(await broker.connect('governance'), `presence.runtime.worker.${id}`, { body: 'event:0:7' })).code).toBe(503);
    // An answer given under a made-up name in another account, and a greeting from there, reach nobody.
    memory.subscribe('presence.runtime.worker.forged', { callback: (_error, message) => void message.respond('1') });
    memory.publish('presence.runtime.all', 'here forged');
    await settle(memory);
    expect(await one.peers.holderOf('event:0:7')).toBe('nobody');
    expect(inside.filter((line) => line.includes('forged'))).toEqual([]);
    expect(outside.filter((line) => !line.includes('forged'))).toEqual([]);
  });
});
