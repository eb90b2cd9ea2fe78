/** What the tests of the broker's set-up share: fixed public keys, a started broker without streams. Tests only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/nats-core';
import type { StreamCount } from '@soloist/contracts';
import { bootstrap, recordHeads, type BootstrapReport } from './bootstrap.js';
import { connectAs } from './connection.js';
import { startBroker, type RunningBroker } from './embedded-broker.js';
import { brokerManifest, type BrokerUser } from './manifest.js';
import type { BrokerServer } from './server.js';

export const FIXED_KEYS: Readonly<Record<BrokerUser, string>> = {
  bootstrap: 'UC5SX2KRJLYAV4ROMIOWNZGDE7ADWDVWBXJZIYQHVNDFXY4EQZ4PVL6A',
  ops: 'UC2GYT6O2ZANZKATBOWRTI6EDOW4RX5ULNWFYR5I2QTFOF2VEKKNRXEC',
  orchestrator: 'UC5ASI4RXH6ACEBCQNONQ333FDIB25AHY3ZEPMIDYFQM43JVUHKJ24F5',
  runtime: 'UDGHLUDJFIMBQQP6CK6AJLENX4PDVMPOERO2XRWL5ULPUPAPESWIATPH',
  memory: 'UBZT6XQHRGI2OEX6Z55BQOBOHPT3DQMVWO73X3JFHIZ3WBTTDFQ7S47E',
  connectors: 'UC2D6SBQOPYW5RJPHP2P6S56MDLO442WYSEDQM6Q6QYRZ6RW5C4ZWI7K',
  governance: 'UB6CBYQ3LXN74PKSCCSZ6CKBZHVRHQEV6O3H6RVZC57UDOOJTSXKSOHZ',
  replay: 'UAMZTHOGALLKEUXGZN5V5BSAMFVOD4QBLZEXRORZSZ7O7MH5ZJ7VZ7CF',
};

/** A part of the range for each worker process, so that two rarely want the same port. */
/** Below the ports that the system hands out to outgoing connections, each process in a part of its own. */
export function portRange(): { from: number; to: number } {
  const from = 21_500 + ((process.pid * 37) % 200) * 50;
  return { from, to: from + 1_000 };
}

type Started = Pick<RunningBroker, 'server' | 'manifest' | 'credentials'>;

export class BrokerFixture {
  readonly folder: string;
  readonly keepFolder: string;
  #started: Started;
  readonly #connections: NatsConnection[] = [];

  private constructor(folder: string, started: Started) {
    this.folder = folder;
    this.keepFolder = join(folder, 'keep');
    this.#started = started;
  }

  static async start(streams: StreamCount = 1): Promise<BrokerFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'soloist-broker-'));
    return new BrokerFixture(folder, await startServer(folder, streams));
  }

  get server(): BrokerServer {
    return this.#started.server;
  }

  async connect(user: BrokerUser): Promise<NatsConnection> {
    const connection = await connectAs(this.server.url, this.#started.credentials.seedFile(user), `test-${user}`);
    this.#connections.push(connection);
    return connection;
  }

  async bootstrap(streams: StreamCount = 1): Promise<BootstrapReport> {
    const connection = await this.connect('bootstrap');
    return bootstrap({ connection, healthUrl: this.server.healthUrl, keepFolder: this.keepFolder, manifest: brokerManifest(streams) });
  }

  async recordHeads(streams: StreamCount = 1): Promise<void> {
    await recordHeads({ connection: await this.connect('bootstrap'), keepFolder: this.keepFolder, manifest: brokerManifest(streams) });
  }

  /** Stops the broker, lets the test change the store, and starts it again. */
  async restart(between: () => Promise<void> = () => Promise.resolve(), startTimeoutMs = 30_000): Promise<void> {
    await this.server.stop();
    await between();
    this.#started = await startServer(this.folder, 1, startTimeoutMs);
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#connections.map((connection) => connection.close()));
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function startServer(folder: string, streams: StreamCount, startTimeoutMs = 30_000): Promise<Started> {
  return startBroker({ startTimeoutMs, folder: join(folder, 'broker'), keepFolder: join(folder, 'keep'), streams, portRange: portRange(), serverName: 'soloist-test' });
}
