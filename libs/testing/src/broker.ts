/**
 * A real nats-server for tests: own folder, own ports, generated accounts, bootstrapped as in production.
 *
 * I1 a test never meets another test's broker; nothing is left running or lying about after `stop`
 * I2 no binary means a failed test, never a skipped one
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/nats-core';
import { DEFAULT_STREAM_COUNT, type StreamCount } from '@soloist/contracts';
import {
  bootstrap,
  brokerManifest,
  connectAs,
  openKeyTable,
  recordHeads,
  startBroker as startProcess,
  type BootstrapReport,
  type BrokerManifest,
  type BrokerUser,
  type ErasableKeyTable,
  type RunningBroker,
} from '@soloist/eventlog/broker';

export interface TestBrokerOptions {
  readonly streams?: StreamCount;
  /** Changes the generated permissions, to show what they are for. */
  readonly alter?: (manifest: BrokerManifest) => BrokerManifest;
  /** False leaves the broker as it is after its first start: no streams, no consumers. */
  readonly isBootstrapped?: boolean;
}

export interface TestBroker {
  readonly url: string;
  readonly healthUrl: string;
  readonly folder: string;
  readonly keepFolder: string;
  readonly streams: StreamCount;
  readonly manifest: BrokerManifest;
  readonly keys: ErasableKeyTable;
  /** The process now serving; changes with `restart`. */
  readonly pid: number;
  seedFile(user: BrokerUser): string;
  /** A raw connection under one identity; closed by `stop`. */
  connect(user: BrokerUser): Promise<NatsConnection>;
  bootstrap(): Promise<BootstrapReport>;
  recordHeads(): Promise<void>;
  /** SIGKILL, as a crash: returns when the process is gone. */
  kill9(): Promise<void>;
  /** Starts again on the same port and store; stops the running one gracefully first. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-broker-'));
  const generated = brokerManifest(options.streams ?? DEFAULT_STREAM_COUNT);
  const manifest = options.alter?.(generated) ?? generated;
  try {
    const broker = new ProcessBroker(folder, await launch(folder, manifest), await openKeyTable(join(folder, 'keep')));
    if (options.isBootstrapped ?? true) await broker.bootstrap().catch((error: unknown) => broker.stop().then(() => Promise.reject(error)));
    return broker;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

type Started = Pick<RunningBroker, 'server' | 'manifest' | 'credentials'>;

function launch(folder: string, manifest: BrokerManifest): Promise<Started> {
  // Each worker process looks in its own part of the range, so that two rarely want the same port.
  // Below the ports that the system hands out to outgoing connections.
  const from = 10_000 + ((process.pid * 37) % 190) * 50;
  const portRange = { from, to: from + 2_000 };
  return startProcess({ folder: join(folder, 'broker'), keepFolder: join(folder, 'keep'), manifest, portRange, serverName: 'soloist-test' });
}

class ProcessBroker implements TestBroker {
  readonly folder: string;
  readonly keys: ErasableKeyTable;
  readonly #connections: NatsConnection[] = [];
  #started: Started;

  constructor(folder: string, started: Started, keys: ErasableKeyTable) {
    this.folder = folder;
    this.keys = keys;
    this.#started = started;
    process.once('exit', this.#onExit);
  }

  /** A worker that ends without `stop` takes its broker along. */
  readonly #onExit = (): void => {
    if (this.#started.server.isRunning()) process.kill(this.pid, 'SIGKILL');
  };

  get keepFolder(): string {
    return join(this.folder, 'keep');
  }
  get streams(): StreamCount {
    return this.manifest.streamCount;
  }
  get manifest(): BrokerManifest {
    return this.#started.manifest;
  }
  get url(): string {
    return this.#started.server.url;
  }
  get healthUrl(): string {
    return this.#started.server.healthUrl;
  }
  get pid(): number {
    return this.#started.server.pid;
  }

  seedFile(user: BrokerUser): string {
    return this.#started.credentials.seedFile(user);
  }

  async connect(user: BrokerUser): Promise<NatsConnection> {
    const connection = await connectAs(this.url, this.seedFile(user), `test-${user}`);
    this.#connections.push(connection);
    return connection;
  }

  bootstrap(): Promise<BootstrapReport> {
    const { healthUrl, keepFolder, manifest } = this;
    return this.#asBootstrap((connection) => bootstrap({ connection, healthUrl, keepFolder, manifest }));
  }

  recordHeads(): Promise<void> {
    const { keepFolder, manifest } = this;
    return this.#asBootstrap((connection) => recordHeads({ connection, keepFolder, manifest }));
  }

  async #asBootstrap<T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> {
    const connection = await connectAs(this.url, this.seedFile('bootstrap'), 'test-bootstrap');
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }

  async kill9(): Promise<void> {
    const { server } = this.#started;
    process.kill(server.pid, 'SIGKILL');
    const deadline = Date.now() + 10_000;
    while (server.isRunning()) {
      if (Date.now() > deadline) throw new Error(`process ${server.pid} outlived SIGKILL by 10 s`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async restart(): Promise<void> {
    await this.#started.server.stop();
    this.#started = await launch(this.folder, this.manifest);
  }

  async stop(): Promise<void> {
    process.off('exit', this.#onExit);
    await Promise.allSettled(this.#connections.map((connection) => connection.close()));
    await this.#started.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
