import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectLog } from '../jetstream/connect-log.js';
import { findBrokerBinary } from './binary.js';
import { brokerConf } from './conf.js';
import { connectAs } from './connection.js';
import { openCredentials, type Credentials } from './credentials.js';
import { openKeyTable, type ErasableKeyTable } from './key-table.js';
import { brokerManifest } from './manifest.js';
import { startBrokerServer, type BrokerServer } from './server.js';

/** Far below what the client here is held up for. */
const BROKER_WAITS = 'authorization: { timeout: 0.2 }';
const HELD_UP_MS = 1_500;

let folder: string;
let server: BrokerServer;
let credentials: Credentials;
let keys: ErasableKeyTable;
let slowWay: Server;
/** How many connections still are held up between the broker's challenge and the client's answer. */
let slowOnes = 0;
let connections = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-connection-'));
  credentials = await openCredentials(join(folder, 'credentials'));
  keys = await openKeyTable(join(folder, 'keep'));
  const from = 10_000 + ((process.pid * 41) % 190) * 50;
  server = await startBrokerServer({
    binary: await findBrokerBinary(),
    folder: join(folder, 'bus'),
    portRange: { from, to: from + 2_000 },
    conf: (ports, paths) => {
      const conf = brokerConf({ manifest: brokerManifest(1), publicKeys: credentials.publicKeys, ports, ...paths, serverName: 'slow' });
      expect(conf).toContain('authorization: { timeout: 30 }');
      return conf.replace('authorization: { timeout: 30 }', BROKER_WAITS);
    },
  });
  slowWay = createServer((client) => {
    connections += 1;
    const isSlow = slowOnes > 0;
    if (isSlow) slowOnes -= 1;
    const broker = dial(server.ports.client, '127.0.0.1');
    broker.pipe(client);
    // What a client without a processor does: it says nothing for a while.
    const held = setTimeout(() => client.pipe(broker), isSlow ? HELD_UP_MS : 0);
    for (const socket of [client, broker]) {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        clearTimeout(held);
        client.destroy();
        broker.destroy();
      });
    }
  });
  await new Promise<void>((listening) => slowWay.listen(0, '127.0.0.1', listening));
});

afterAll(async () => {
  await new Promise((closed) => slowWay.close(closed));
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  slowOnes = 0;
  connections = 0;
});

const url = (): string => `nats://127.0.0.1:${(slowWay.address() as AddressInfo).port}`;
const service = () => ({ servers: url(), seedFile: credentials.seedFile('runtime'), service: 'runtime', streams: 1, keys, name: 'slow runtime' }) as const;

describe('a client that is slower than the broker waits for it', () => {
  it('I1 is let in at the next try, with the same seed', async () => {
    slowOnes = 2;
    const connection = await connectAs(url(), credentials.seedFile('bootstrap'), 'slow');
    expect(connections).toBe(3);
    await connection.close();
    slowOnes = 2;
    connections = 0;
    const log = await connectLog(service());
    expect(connections).toBe(3);
    await log.close();
  });

  it('I1 is told that it was too slow, and not that its seed is wrong, when that comes again and again', async () => {
    slowOnes = 100;
    await expect(connectLog(service())).rejects.toMatchObject({ kind: 'transient', code: 'log.unreachable', message: expect.stringContaining('overloaded') as string });
    expect(connections).toBe(4);
  });

  it('I1 is refused at once when its seed is unknown', async () => {
    const foreign = await openCredentials(join(folder, 'foreign'));
    await expect(connectLog({ ...service(), seedFile: foreign.seedFile('runtime') })).rejects.toMatchObject({ kind: 'unauthorized', code: 'log.unauthorized' });
    expect(connections).toBe(1);
  });
});
