/**
 * A service's connection to the log on nats-server.
 *
 * I1 a broker that is too old is refused at once: it drops options without a word
 * I2 it reconnects for ever; while it is down, appends answer with a fault within the time set, and never hang
 * I3 what comes back must be the log that was seen before (log/seen-log.ts)
 */
import { nkeyAuthenticator, type Authenticator, type NatsConnection } from '@nats-io/nats-core';
import { ACCESS, type Context, type StreamCount } from '@soloist/contracts';
import { connectPatiently, refusalOf } from '../broker/connection.js';
import { readSeed } from '../broker/credentials.js';
import { CORE_API } from '../broker/manifest.js';
import { redial } from '../broker/redial.js';
import { requireBrokerVersion } from '../broker/version.js';
import { logFault } from '../errors.js';
import type { KeyTable, LogConnection } from '../event-log.port.js';
import type { Broker } from '../log/broker.port.js';
import { logConnection } from '../log/connection.js';
import { SeenLog } from '../log/seen-log.js';
import { Link } from './link.js';
import { NatsBroker } from './nats-broker.js';
import { presenceOn } from './presence.js';

export interface ConnectLogOptions {
  readonly servers: string | readonly string[];
  /** The service's own nkey seed, or the file that holds it; neither for a broker without accounts (bench). */
  readonly nkeySeed?: string;
  readonly seedFile?: string;
  /** Whose account it is; `ops` is a user inside the account of the streams and has all rights. */
  readonly service: Context | 'replay' | 'ops';
  readonly streams: StreamCount;
  readonly keys: KeyTable;
  /** Shown by the broker's monitoring. */
  readonly name: string;
  /** How long an append may take until it says what it knows. */
  readonly answerWithinMs?: number;
}

type ConnectionOptions = Omit<ConnectLogOptions, 'keys' | 'streams'>;

const ANSWER_WITHIN_MS = 5_000;
/** The rest is for reading back. */
const SHARE_OF_PUBLISH = 0.6;

/** @throws Fault transient: no broker there · unauthorized: wrong or exposed seed · invalid: broker too old */
export async function connectLog(options: ConnectLogOptions): Promise<LogConnection> {
  const { broker, link } = await connectBoth(options);
  return { ...logConnection(broker, options.streams, options.keys), presence: presenceOn(link) };
}

/** What stands under the log: stored messages as they are. @throws as `connectLog` */
export async function connectBroker(options: ConnectionOptions): Promise<Broker> {
  return (await connectBoth(options)).broker;
}

async function connectBoth(options: ConnectionOptions): Promise<{ broker: Broker; link: Link }> {
  const connection = await open(options);
  try {
    requireBrokerVersion(connection.info?.version ?? 'none');
  } catch (error) {
    await connection.close();
    throw error;
  }
  const within = options.answerWithinMs ?? ANSWER_WITHIN_MS;
  const link = new Link(connection);
  const own = new NatsBroker({
    link,
    apiPrefix: options.service === 'ops' ? '$JS.API' : CORE_API,
    publishTimeoutMs: Math.round(within * SHARE_OF_PUBLISH),
    timeoutMs: Math.round(within * (1 - SHARE_OF_PUBLISH)),
  });
  const readsStreams = options.service === 'ops' || options.service === 'replay' || ACCESS[options.service].coldReads;
  return { broker: new SeenLog(own, { losses: lossesOf(connection), readsStreams }), link };
}

/** Counts how often the connection was lost. */
function lossesOf(connection: NatsConnection): () => number {
  let losses = 0;
  void (async () => {
    for await (const { type } of connection.status()) if (type === 'disconnect' || type === 'reconnect') losses += 1;
  })();
  return () => losses;
}

async function open(options: ConnectionOptions): Promise<NatsConnection> {
  const authenticator = await authenticatorOf(options);
  try {
    return await connectPatiently({
      servers: typeof options.servers === 'string' ? options.servers : [...options.servers],
      name: options.name,
      ...(authenticator === null ? {} : { authenticator }),
      maxReconnectAttempts: -1,
      ...redial({ pauseMs: 100, jitterMs: 50 }),
      // A broker that is there but silent is noticed after two of these.
      pingInterval: 10_000,
      maxPingOut: 2,
      ignoreClusterUpdates: true,
      noAsyncTraces: true,
    });
  } catch (error) {
    const where = String(options.servers);
    const refusal = refusalOf(error);
    if (refusal === 'refused') throw logFault('log.unauthorized', `the broker at ${where} refused ${options.name}`, error);
    if (refusal === 'too-late') throw logFault('log.unreachable', `${options.name} could not answer the broker at ${where} in time, again and again: this machine is overloaded`, error);
    throw logFault('log.unreachable', `no broker answers at ${where} (${error instanceof Error ? error.message : 'unknown'})`, error);
  }
}

async function authenticatorOf({ nkeySeed, seedFile }: ConnectionOptions): Promise<Authenticator | null> {
  if (nkeySeed !== undefined) return nkeyAuthenticator(new TextEncoder().encode(nkeySeed));
  if (seedFile !== undefined) return nkeyAuthenticator(await readSeed(seedFile));
  return null;
}
