/**
 * The broker of the embedded profile in one call: identities, configuration, child process, bootstrap.
 *
 * I1 when `openBroker` returns, every stream and consumer stands as the manifest wants it; otherwise it has thrown, and
 *    no broker was left running that it started
 * I2 `close` records how far the log had come before the broker ends
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_STREAM_COUNT, type StreamCount } from '@soloist/contracts';
import { findBrokerBinary } from './binary.js';
import { bootstrap, recordHeads, type BootstrapReport } from './bootstrap.js';
import { brokerConf } from './conf.js';
import { connectAs } from './connection.js';
import { openCredentials, type Credentials } from './credentials.js';
import { brokerManifest, type BrokerManifest } from './manifest.js';
import type { PortRange } from './network.js';
import { startBrokerServer, type BrokerServer } from './server.js';

export interface BrokerSettings {
  /** Streams, configuration, log: what may be restored from backups of the broker. */
  readonly folder: string;
  /** What must never be lost with it: credentials, the record of streams, keys. */
  readonly keepFolder: string;
  readonly streams?: StreamCount;
  /** Taken instead of the generated one; for set-ups that add accounts of their own. */
  readonly manifest?: BrokerManifest;
  readonly portRange?: PortRange;
  /** Path of nats-server; looked for when not given. */
  readonly binary?: string;
  readonly serverName?: string;
  /** How long recovery of the streams may take. */
  readonly startTimeoutMs?: number;
}

/** 4222 and 8222 are left to whatever else runs on the machine. */
export const DEFAULT_PORT_RANGE: PortRange = { from: 4322, to: 4422 };

export interface RunningBroker {
  readonly url: string;
  readonly server: BrokerServer;
  readonly manifest: BrokerManifest;
  readonly credentials: Credentials;
  readonly report: BootstrapReport;
  /** Moves the anchors of the keep; call it every few minutes. */
  recordHeads(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Fault with what to do: no binary, too old, no port, unhealthy, keep and store disagree, settings changed */
export async function openBroker(settings: BrokerSettings): Promise<RunningBroker> {
  const { server, manifest, credentials } = await startBroker(settings);
  const keepFolder = settings.keepFolder;
  const seedFile = credentials.seedFile('bootstrap');
  try {
    const report = await as(server, seedFile, (connection) => bootstrap({ connection, healthUrl: server.healthUrl, keepFolder, manifest }));
    const record = (): Promise<void> => as(server, seedFile, (connection) => recordHeads({ connection, keepFolder, manifest }));
    return {
      url: server.url,
      server,
      manifest,
      credentials,
      report,
      recordHeads: record,
      close: () => record().finally(() => server.stop()),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Starts the process with its accounts, without bootstrap. */
export async function startBroker(settings: BrokerSettings): Promise<Pick<RunningBroker, 'server' | 'manifest' | 'credentials'>> {
  await mkdir(settings.keepFolder, { recursive: true, mode: 0o700 });
  const manifest = settings.manifest ?? brokerManifest(settings.streams ?? DEFAULT_STREAM_COUNT);
  const credentials = await openCredentials(join(settings.keepFolder, 'credentials'));
  const { publicKeys } = credentials;
  const server = await startBrokerServer({
    binary: settings.binary ?? (await findBrokerBinary()),
    folder: settings.folder,
    portRange: settings.portRange ?? DEFAULT_PORT_RANGE,
    ...(settings.startTimeoutMs === undefined ? {} : { startTimeoutMs: settings.startTimeoutMs }),
    conf: (ports, paths) => brokerConf({ manifest, publicKeys, ports, ...paths, serverName: settings.serverName ?? 'soloist' }),
  });
  return { server, manifest, credentials };
}

async function as<T>(server: BrokerServer, seedFile: string, work: (connection: Awaited<ReturnType<typeof connectAs>>) => Promise<T>): Promise<T> {
  const connection = await connectAs(server.url, seedFile, 'bootstrap');
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
