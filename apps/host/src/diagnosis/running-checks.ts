/** Checks of what runs: each asks the part itself. */
import { stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { readIfThere } from '@soloist/eventlog/durable-file';
import { messageOf } from '../host-error.js';
import { failed, ok, skipped, type Opinion, type Patient } from './check.js';

const NOT_RUNNING = 'Soloist does not run';
const ANSWER_WITHIN_MS = 3_000;

export async function checkBus({ instance }: Patient): Promise<Opinion> {
  if (instance?.bus == null) return skipped(NOT_RUNNING);
  const { healthOf } = await import('@soloist/eventlog');
  const health = await healthOf(instance.bus.healthUrl);
  return health.isHealthy ? ok(`nats-server ${instance.bus.version} at ${instance.bus.url} is healthy`) : failed(`the bus at ${instance.bus.url} is not healthy: ${health.answer}`, 'wait for its restart, then: ./soloist status');
}

/** Whether there is room to take something new in (GUARANTEES G21). */
export async function checkStorage({ environment, paths }: Patient): Promise<Opinion> {
  if ((environment['SOLOIST_NATS_URL'] ?? '') !== '') return skipped('an external broker is configured; its disk is not ours to look at');
  if ((await stat(paths.bus).catch(() => null)) === null) return skipped('no log yet');
  const { roomAt, roomLine } = await import('@soloist/eventlog');
  const room = await roomAt(paths.bus);
  if (!room.isLow) return ok(roomLine(room));
  return failed(`new mail is refused, for there is too little space: ${roomLine(room)}`, 'free space; a broker that could not write is restarted by itself then');
}

/** A PostgreSQL server answers a request for encryption with one letter; nothing else on a port does. */
export async function checkDatabase({ instance }: Patient): Promise<Opinion> {
  if (instance?.database == null) return skipped(NOT_RUNNING);
  const { address } = instance.database;
  const [host = '', port = ''] = address.split(':');
  try {
    const letter = await firstLetter(host, Number(port));
    return letter === 'N' || letter === 'S' ? ok(`PostgreSQL answers at ${address}`) : failed(`what answers at ${address} is not PostgreSQL`, './soloist down, then ./soloist up');
  } catch (error) {
    return failed(`the database at ${address} does not answer: ${messageOf(error)}`, 'wait for its restart, then: ./soloist status');
  }
}

export async function checkApi({ instance }: Patient): Promise<Opinion> {
  if (instance?.api == null) return skipped(NOT_RUNNING);
  try {
    const response = await fetch(`${instance.api}/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return response.ok ? ok(`the API at ${instance.api} is healthy`) : failed(`the API at ${instance.api} answers ${response.status}`, './soloist down, then ./soloist up');
  } catch (error) {
    return failed(`the API at ${instance.api} does not answer: ${messageOf(error)}`, './soloist down, then ./soloist up');
  }
}

/** Whether what people are shown is as new as the log. The API projects up to the end of the log before it answers. */
export async function checkProjections({ instance, paths }: Patient): Promise<Opinion> {
  if (instance?.api == null || instance.bus === null) return skipped(NOT_RUNNING);
  const token = (await readIfThere(paths.apiToken))?.trim();
  if (token === undefined) return failed(`${paths.apiToken} is missing, so the API cannot be asked`, './soloist down, then ./soloist up');
  try {
    const response = await fetch(`${instance.api}/v1/runs?limit=1`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(ANSWER_WITHIN_MS * 3) });
    if (!response.ok) return failed(`the API cannot bring its rows up to the log: status ${response.status}`, `look at ${paths.hostLog}`);
    return ok(`rows stand at the end of the log (${await logPosition(instance.bus.healthUrl)})`);
  } catch (error) {
    return failed(`the API cannot bring its rows up to the log: ${messageOf(error)}`, `look at ${join(paths.run, 'host.log')}`);
  }
}

async function firstLetter(host: string, port: number): Promise<string> {
  const answer = Promise.withResolvers<string>();
  const socket = createConnection({ host, port, timeout: ANSWER_WITHIN_MS });
  socket.once('timeout', () => answer.reject(new Error('no answer in time')));
  socket.once('error', answer.reject);
  socket.once('close', () => answer.reject(new Error('it hung up')));
  socket.once('data', (chunk: Buffer) => answer.resolve(chunk.subarray(0, 1).toString()));
  // SSLRequest: length 8, code 80877103 (PostgreSQL protocol, message formats).
  socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
  return answer.promise.finally(() => socket.destroy());
}

/** The last sequence of every event stream, from the broker's monitoring. */
async function logPosition(healthUrl: string): Promise<string> {
  const url = new URL('/jsz?streams=true&accounts=true', healthUrl);
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const body = (await response.json()) as { account_details?: readonly { stream_detail?: readonly { name: string; state: { last_seq: number } }[] }[] };
  const streams = (body.account_details ?? []).flatMap((account) => account.stream_detail ?? []).filter(({ name }) => name.startsWith('EVENTS-'));
  const total = streams.reduce((sum, { state }) => sum + state.last_seq, 0);
  return `${total} commits in ${streams.length} streams`;
}
