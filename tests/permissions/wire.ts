/** What the permission tests share: raw requests with a judged outcome, and a picture of everything in CORE. */
import { jetstreamManager, type ConsumerInfo, type StreamInfo } from '@nats-io/jetstream';
import { headers as newHeaders, RequestError, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { streamOfKey, subjectOf, type Context, type Kind } from '@soloist/contracts';

export const STREAMS = 2;
/** Lies in EVENTS-0 with two event streams; checked by the tests that rely on it. */
export const KEY = 'run-a';

export function stateStream(key = KEY): string {
  return `EVENTS-${streamOfKey(key, STREAMS)}`;
}

export function at(kind: Kind, entityName: string, key = KEY): string {
  const [context, entity] = entityName.split('.') as [Context, string];
  return subjectOf(kind, { context, entity, key });
}

/**
 * `reached`: CORE answered, with a result or with an error of its own · `refused`: nothing is there to answer, or the
 * account's own API did, which knows no stream · `silent`: somebody took it and said nothing.
 */
export interface Outcome {
  readonly verdict: 'reached' | 'refused' | 'silent';
  /** JetStream error code or status, 0 when there is none. */
  readonly code: number;
  readonly text: string;
  readonly message: Msg | null;
}

/**
 * What the API built into every account answers where the account has no JetStream: not enabled · no cluster · bad
 * request. It works on the asker's own account, so none of these can come from CORE under this name.
 */
const OWN_API_CODES: ReadonlySet<number> = new Set([10039, 10010, 10025]);

export interface RequestOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export async function ask(connection: NatsConnection, subject: string, options: RequestOptions = {}): Promise<Outcome> {
  const headers = headersOf(options.headers);
  // A pulled message arrives under its own subject, which the shared inbox of requests would not recognise.
  const noMux = subject.includes('MSG.NEXT');
  try {
    const message = await connection.request(subject, options.body ?? '', { timeout: options.timeoutMs ?? 3_000, noMux, ...(headers === undefined ? {} : { headers }) });
    return judge(subject, message);
  } catch (error) {
    if (error instanceof RequestError && error.isNoResponders()) return { verdict: 'refused', code: 503, text: 'no responders', message: null };
    const text = error instanceof Error ? error.message : String(error);
    return { verdict: 'silent', code: 0, text, message: null };
  }
}

export function headersOf(values: Readonly<Record<string, string>> | undefined): ReturnType<typeof newHeaders> | undefined {
  if (values === undefined) return undefined;
  const headers = newHeaders();
  for (const [key, value] of Object.entries(values)) headers.set(key, value);
  return headers;
}

function judge(subject: string, message: Msg): Outcome {
  const status = message.headers?.code ?? 0;
  if (status !== 0) return { verdict: 'reached', code: status, text: message.headers?.description ?? '', message };
  const error = errorOf(message);
  if (error !== null && subject.startsWith('$JS.') && OWN_API_CODES.has(error.err_code)) return { verdict: 'refused', code: error.err_code, text: error.description, message };
  return { verdict: 'reached', code: error?.err_code ?? 0, text: error?.description ?? '', message };
}

function errorOf(message: Msg): { err_code: number; description: string } | null {
  try {
    return (message.json<{ error?: { err_code: number; description: string } }>() ?? {}).error ?? null;
  } catch {
    // A stored message of any form is no error.
    return null;
  }
}

/** Everything in CORE that an attack could have changed. Advisories are left out: looking itself makes some. */
export interface Picture {
  readonly [place: string]: string;
}

export async function pictureOf(ops: NatsConnection): Promise<Picture> {
  const jsm = await jetstreamManager(ops);
  const picture: Record<string, string> = {};
  for await (const stream of jsm.streams.list()) {
    picture[`${stream.config.name} config`] = JSON.stringify(stream.config);
    if (stream.config.name !== 'ADVISORIES') picture[stream.config.name] = stateOf(stream);
    for await (const consumer of jsm.consumers.list(stream.config.name)) picture[`${stream.config.name}/${consumer.name}`] = positionOf(consumer);
  }
  return picture;
}

function stateOf({ state }: StreamInfo): string {
  return `messages ${state.messages} first ${state.first_seq} last ${state.last_seq} bytes ${state.bytes} deleted ${state.num_deleted}`;
}

function positionOf(consumer: ConsumerInfo): string {
  const { delivered, ack_floor, num_ack_pending, num_redelivered, config } = consumer;
  return `delivered ${delivered.stream_seq} floor ${ack_floor.stream_seq} open ${num_ack_pending} again ${num_redelivered} ${JSON.stringify(config)}`;
}

/** Places that differ, as `place: before → after`. */
export function changes(before: Picture, after: Picture): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((place) => before[place] !== after[place])
    .sort()
    .map((place) => `${place}: ${before[place] ?? 'absent'} → ${after[place] ?? 'absent'}`);
}

/**
 * Sends without waiting for an answer, under a reply subject of the attacker's choice, then makes sure that the broker
 * has worked through it: a connection's messages are taken in order, so an answered request is behind them all.
 */
export async function fire(connection: NatsConnection, subject: string, reply: string | null, options: RequestOptions = {}): Promise<void> {
  const headers = headersOf(options.headers);
  connection.publish(subject, options.body ?? '', { ...(reply === null ? {} : { reply }), ...(headers === undefined ? {} : { headers }) });
  await settle(connection);
}

export async function settle(connection: NatsConnection): Promise<void> {
  await connection.flush();
  await ask(connection, `core.API.DIRECT.GET.${stateStream()}.${at('evt', 'runtime.loop')}`);
  await connection.flush();
}
