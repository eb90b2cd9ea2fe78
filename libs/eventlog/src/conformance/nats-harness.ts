/** The suite's harness on a real nats-server that bootstrap has set up. */
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { StreamCount } from '@soloist/contracts';
import { connectAs } from '../broker/connection.js';
import type { KeyTable, LogConnection } from '../event-log.port.js';
import { readRange } from '../jetstream/direct-read.js';
import { connectLog } from '../jetstream/connect-log.js';
import { Link } from '../jetstream/link.js';
import { publishAnswer, toHeaders } from '../jetstream/wire.js';
import type { Party } from '../memory/rights.js';
import { AnswerLosingProxy } from './answer-losing-proxy.js';
import type { LogHarness } from './harness.js';

export interface RunningBroker {
  readonly url: string;
  readonly streams: StreamCount;
  readonly keys: KeyTable & { erase(dataSubject: string): unknown };
  seedFile(user: Party): string;
  stop(): Promise<void>;
}

const ANSWER_WITHIN_MS = 2_000;

export async function natsHarness(broker: RunningBroker): Promise<LogHarness> {
  const proxy = await AnswerLosingProxy.before(broker.url);
  const raw = await connectAs(broker.url, broker.seedFile('ops'), 'conformance-raw');
  const link = new Link(raw);
  const opened: LogConnection[] = [];
  const connect = async (party: Party, servers: string): Promise<LogConnection> => {
    const connection = await connectLog({
      servers,
      seedFile: broker.seedFile(party),
      service: party,
      streams: broker.streams,
      keys: broker.keys,
      name: `conformance-${party}`,
      answerWithinMs: ANSWER_WITHIN_MS,
    });
    opened.push(connection);
    return connection;
  };
  return {
    streams: broker.streams,
    keys: broker.keys,
    connect: (party) => connect(party, broker.url),
    async connectLossy(party) {
      return { connection: await connect(party, proxy.url), loseAnswers: (count) => proxy.loseAnswers(count) };
    },
    publishRaw: (message) => publishRaw(raw, message),
    stored: (stream) => storedIn(raw, link, stream),
    // Bootstrap's own ack wait runs out by itself.
    provokeRedelivery: () => Promise.resolve(),
    async close() {
      await Promise.all(opened.map((connection) => connection.close()));
      await raw.close();
      await proxy.close();
      await broker.stop();
    },
  };
}

async function publishRaw(raw: NatsConnection, message: Parameters<LogHarness['publishRaw']>[0]): Promise<void> {
  const answer = publishAnswer(await raw.request(message.subject, message.body, { timeout: 5_000, headers: toHeaders(message.headers) }));
  if (answer.kind !== 'stored') throw new Error(`not stored: ${answer.kind}`);
}

/** Streams without direct get are read message by message. */
async function storedIn(raw: NatsConnection, link: Link, stream: string): ReturnType<LogHarness['stored']> {
  if (/^(EVENTS|BLOBS|KV_)/.test(stream)) return readRange({ link, apiPrefix: '$JS.API', timeoutMs: 5_000 }, stream, null, 1, Infinity);
  const jsm = await jetstreamManager(raw);
  const { state } = await jsm.streams.info(stream);
  const found = [];
  for (let sequence = state.first_seq; sequence <= state.last_seq; sequence += 1) {
    const message = await jsm.streams.getMessage(stream, { seq: sequence });
    if (message !== null) {
      const headers = message.header.keys().flatMap((name) => message.header.values(name).map((value) => [name, value] as const));
      found.push({ stream, sequence, subject: message.subject, headers, body: message.data });
    }
  }
  return found;
}
