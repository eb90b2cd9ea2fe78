/**
 * Real processes, a real broker with its accounts, a real receiver: the connectors are killed between a post and its
 * record, and between its record and the ack. The receiver sees one message, whatever the count of its posts.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectorsVault, webhookSecretName } from '@soloist/connectors';
import type { AnyEvent, Context, PostingEvent } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSigner } from './signed-authorization.fixture.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const endpointId = 'c'.repeat(32);
const at = '2026-11-25T00:00:00.000Z';

let broker: TestBroker;
let folder: string;
let receiver: Server;
let ops: LogConnection;
const children: ChildProcess[] = [];
/** Ids of what came and verified, in order. */
const received: { readonly id: string; readonly gateId: string }[] = [];
let status = 200;

beforeAll(async () => {
  [broker, folder] = await Promise.all([startBroker(), mkdtemp(join(tmpdir(), 'webhooks-kill-'))]);
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  await newSigner().writePublicKey(join(folder, 'secrets', 'governance-signing.pub'));
  await connectorsVault(join(folder, 'secrets')).set(webhookSecretName(endpointId), SECRET);
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data } = new Webhook(SECRET).verify(Buffer.concat(chunks), request.headers as Record<string, string>) as { data: { gateId: string } };
      received.push({ id: String(request.headers['webhook-id']), gateId: data.gateId });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  ops = await connectAs('ops');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await write('governance', 'webhook', 'company', { type: 'governance.webhook.snapshotted', data: { endpoints: [{ endpointId, url, types: ['gate.escalated'], reach: 'loopback' }] } });
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  receiver.closeAllConnections();
  receiver.close();
  await ops.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

function connectAs(service: Context | 'ops'): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `test ${service}` });
}

async function write(service: Context, entity: string, key: string, event: AnyEvent): Promise<void> {
  const owner = await connectAs(service);
  const appended = await owner.log.append({ address: { context: service, entity, key }, id: derivedId('test', key, event.type), cause: null, actor: service, policy: null, at, traceparent: null, events: [event], after: null, snapshot: false });
  await owner.close();
  if (appended.outcome !== 'committed') throw new Error(`${event.type}: ${appended.outcome}`);
}

async function startConnectors(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./connectors.process.ts', import.meta.url)), [], {
    cwd: ROOT,
    execArgv: ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TEST_NATS_URL: broker.url, TEST_SEED_FILE: broker.seedFile('connectors'), TEST_KEEP: broker.keepFolder, TEST_STREAMS: String(broker.streams), SOLOIST_DATA_DIR: folder, SOLOIST_SMTP_PORT: '0', SOLOIST_CRASH_PLAN: join(folder, 'plan'), SOLOIST_LOG_LEVEL: 'error' },
  });
  children.push(child);
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready());
    child.once('exit', (code, signal) => failed(new Error(`the connectors ended before they were ready: ${code ?? signal}`)));
  });
  return child;
}

async function postings(): Promise<readonly PostingEvent[]> {
  const commits = await ops.log.history({ context: 'connectors', entity: 'posting', key: endpointId });
  return (commits.flatMap((commit) => commit.events) as readonly PostingEvent[]).filter(({ type }) => type !== 'connectors.posting.snapshotted');
}
const typesSaid = async (): Promise<readonly string[]> => (await postings()).map(({ type }) => type.replace(/^.*\./, ''));

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = performance.now() + 30_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 25))) {
    if (performance.now() > deadline) throw new Error(`${what} did not come: ${JSON.stringify({ received, said: await typesSaid() })}`);
  }
}

const escalate = async (name: string): Promise<string> => {
  const runId = derivedId('run', name);
  await write('governance', 'gate', runId, { type: 'governance.gate.escalated', data: { gateId: `${runId}-g1`, dueAt: at } });
  return `${runId}-g1`;
};
const idsOf = (gateId: string): readonly string[] => received.filter((post) => post.gateId === gateId).map(({ id }) => id);
const planned = async (): Promise<boolean> => (await stat(join(folder, 'plan')).catch(() => null)) !== null;

it('killed between post and record posts again under the same id; killed behind the record, no more; what failed is tried again by the next process', async () => {
  await writeFile(join(folder, 'plan'), 'before:connectors.posting.deliver');
  const first = await startConnectors();
  const one = await escalate('before-record');
  if (first.signalCode === null) await once(first, 'exit');
  expect([first.signalCode, idsOf(one).length, await typesSaid()]).toEqual(['SIGKILL', 1, []]);

  const second = await startConnectors();
  await until('the record of the first', async () => (await typesSaid()).length === 1);
  expect([idsOf(one).length, new Set(idsOf(one)).size, await typesSaid()]).toEqual([2, 1, ['delivered']]);

  await writeFile(join(folder, 'plan'), 'before-ack:connectors.posting');
  const two = await escalate('behind-record');
  if (second.signalCode === null) await once(second, 'exit');
  expect([await planned(), idsOf(two).length, await typesSaid()]).toEqual([false, 1, ['delivered', 'delivered']]);

  const third = await startConnectors();
  status = 500;
  const three = await escalate('failing');
  await until('the record of a failure', async () => (await typesSaid()).length === 3);
  third.kill('SIGKILL');
  await once(third, 'exit');
  status = 200;
  await startConnectors();
  await until('the second attempt', async () => (await typesSaid()).length === 4);
  expect([idsOf(two).length, idsOf(three).length, new Set(idsOf(three)).size]).toEqual([1, 2, 1]);
  expect(await typesSaid()).toEqual(['delivered', 'delivered', 'failed', 'delivered']);
});
