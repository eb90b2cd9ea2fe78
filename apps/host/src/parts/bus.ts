/**
 * The broker as the host sees it: a child of ours, or an external one at SOLOIST_NATS_URL.
 *
 * I1 when a bus is returned, every stream and consumer stands as the manifest wants it
 * I2 how far the log had come is recorded from time to time and before a broker of ours ends
 */
import { join } from 'node:path';
import { readIfThere } from '@soloist/eventlog/durable-file';
import type { Context, StreamCount } from '@soloist/contracts';
import { HostError, messageOf } from '../host-error.js';
import type { HostPaths } from '../paths.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Bus {
  /** Null: external, not ours to start or stop. */
  readonly pid: number | null;
  readonly url: string;
  /** For people: host and port. */
  readonly address: string;
  readonly healthUrl: string;
  readonly version: string;
  readonly streams: StreamCount;
  /** The seed file of a service's own identity. */
  seedFile(service: Context): string;
  isRunning(): boolean;
  /** Ends a broker of ours that writes nothing any more; whoever supervises it starts it again. Null: not ours to end. */
  readonly end: (() => Promise<void>) | null;
  recordHeads(): Promise<void>;
  stop(): Promise<void>;
}

const FIRST_PORT = 4222;
const LAST_PORT = 4622;

/** @throws HostError host.bus-failed with the reason of the broker and what to do */
export async function startBus(paths: HostPaths, environment: Environment): Promise<Bus> {
  const external = environment['SOLOIST_NATS_URL'] ?? '';
  try {
    return external === '' ? await embeddedBus(paths, environment) : await externalBus(paths, environment, external);
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new HostError('host.bus-failed', messageOf(error), './soloist doctor', { cause: error });
  }
}

async function embeddedBus(paths: HostPaths, environment: Environment): Promise<Bus> {
  const { openBroker } = await import('@soloist/eventlog/broker');
  const binary = environment['SOLOIST_NATS_BIN'] ?? '';
  const streams = await streamCount(paths, environment);
  const broker = await openBroker({
    folder: paths.bus,
    keepFolder: paths.keep,
    streams,
    portRange: { from: FIRST_PORT, to: LAST_PORT },
    ...(binary === '' ? {} : { binary }),
  });
  return {
    pid: broker.server.pid,
    url: broker.url,
    address: new URL(broker.url).host,
    healthUrl: broker.server.healthUrl,
    version: broker.server.version,
    streams,
    seedFile: (service) => broker.credentials.seedFile(service),
    isRunning: () => broker.server.isRunning(),
    end: () => broker.server.stop(),
    recordHeads: () => broker.recordHeads(),
    stop: () => broker.close(),
  };
}

/** The operator's broker must already know our accounts; what is ours is its streams and consumers. */
async function externalBus(paths: HostPaths, environment: Environment, url: string): Promise<Bus> {
  const { bootstrap, brokerManifest, connectAs, openCredentials, recordHeads } = await import('@soloist/eventlog/broker');
  const streams = await streamCount(paths, environment);
  const manifest = brokerManifest(streams);
  const credentials = await openCredentials(join(paths.keep, 'credentials'));
  const healthUrl = environment['SOLOIST_NATS_HEALTH_URL'] ?? `http://${new URL(url).hostname}:8222/healthz`;
  const asBootstrap = async <T>(work: (connection: Awaited<ReturnType<typeof connectAs>>) => Promise<T>): Promise<T> => {
    const connection = await connectAs(url, credentials.seedFile('bootstrap'), 'bootstrap');
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  const report = await asBootstrap((connection) => bootstrap({ connection, healthUrl, keepFolder: paths.keep, manifest })).catch((cause: unknown) => {
    throw new HostError(
      'host.bus-failed',
      `the broker at ${new URL(url).host} cannot be used: ${messageOf(cause)}`,
      `give it the accounts of this installation (the public keys of the seeds in ${credentials.folder}) and set SOLOIST_NATS_HEALTH_URL if ${healthUrl} is not its health check`,
      { cause },
    );
  });
  return {
    pid: null,
    url,
    address: new URL(url).host,
    healthUrl,
    version: report.brokerVersion,
    streams,
    seedFile: (service) => credentials.seedFile(service),
    isRunning: () => true,
    end: null,
    recordHeads: () => asBootstrap((connection) => recordHeads({ connection, keepFolder: paths.keep, manifest })),
    stop: async () => {},
  };
}

/** Fixed by the first start: what the keep remembers counts, unless somebody asks for another count and is refused. */
async function streamCount(paths: HostPaths, environment: Environment): Promise<StreamCount> {
  const { DEFAULT_STREAM_COUNT, STREAM_COUNTS } = await import('@soloist/contracts');
  const asked = environment['SOLOIST_STREAMS'] ?? '';
  const wanted = asked === '' ? ((await rememberedCount(paths)) ?? DEFAULT_STREAM_COUNT) : Number(asked);
  const count = STREAM_COUNTS.find((candidate) => candidate === wanted);
  if (count !== undefined) return count;
  throw new HostError('host.bus-failed', `SOLOIST_STREAMS is ${JSON.stringify(asked)}, but must be one of ${STREAM_COUNTS.join(', ')}`, 'unset SOLOIST_STREAMS and run: ./soloist up');
}

/** Bootstrap judges the record; here only its count is wanted, and a damaged record is bootstrap's to report. */
async function rememberedCount(paths: HostPaths): Promise<number | null> {
  const content = await readIfThere(join(paths.keep, 'streams.json'));
  try {
    const { streamCount: count } = JSON.parse(content ?? 'null') as { streamCount: number };
    return count;
  } catch {
    return null;
  }
}
