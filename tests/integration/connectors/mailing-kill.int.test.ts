/**
 * Real processes, a real broker with its accounts, a real mail server: the connectors are killed between a mail and its
 * record, and between its record and the ack; and two of them share the work. A mailbox that knows Message-IDs has each
 * mail once. The connectors act under their own account, so that what they may read and hear is what the matrix grants.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyEvent, Context, MailDigest, MailingEvent, PostingEvent } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { headOf } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSigner } from './signed-authorization.fixture.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const at = '2026-01-01T08:00:00.000Z';

let broker: TestBroker;
let folder: string;
let server: SMTPServer;
let ops: LogConnection;
const children: ChildProcess[] = [];
/** What came, in order. */
const received: { readonly id: string; readonly subject: string; readonly to: readonly string[] }[] = [];

beforeAll(async () => {
  [broker, folder] = await Promise.all([startBroker(), mkdtemp(join(tmpdir(), 'mailing-kill-'))]);
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  await newSigner().writePublicKey(join(folder, 'secrets', 'governance-signing.pub'));
  server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, onData: (stream, session, done) => void take(stream, session.envelope.rcptTo.map(({ address }) => address)).then(() => done(), done) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ops = await connectAs('ops');
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await ops.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

async function take(stream: AsyncIterable<Buffer>, to: readonly string[]): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const { messageId = '', subject = '' } = await PostalMime.parse(Buffer.concat(chunks));
  received.push({ id: messageId, subject, to });
}

function connectAs(service: Context | 'ops'): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `test ${service}` });
}

let written = 0;
async function write(entity: string, key: string, ...events: readonly AnyEvent[]): Promise<void> {
  const owner = await connectAs('governance');
  const address = { context: 'governance', entity, key } as const;
  const head = await owner.log.head(address);
  written += 1;
  const appended = await owner.log.append({ address, id: derivedId('test', String(written)), cause: null, actor: 'governance', policy: null, at, traceparent: null, events, after: head === null ? null : headOf(head), snapshot: false });
  await owner.close();
  if (appended.outcome !== 'committed') throw new Error(`${entity}: ${appended.outcome}`);
}

function wishes(...before: readonly MailingEvent[]): Promise<void> {
  return write('mailing', 'company', ...before, { type: 'governance.mailing.snapshotted', data: { address: 'ada@phone.example', dataSubject: 'subject-1', reminders: true, digest: { at: '08:00', timeZone: 'UTC' }, setAt: at, lookedAt: at, open: [], days: [] } });
}

async function startConnectors(): Promise<ChildProcess> {
  const { port } = server.server.address() as AddressInfo;
  const child = fork(fileURLToPath(new URL('./connectors.process.ts', import.meta.url)), [], {
    cwd: ROOT,
    execArgv: ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TEST_NATS_URL: broker.url, TEST_SEED_FILE: broker.seedFile('connectors'), TEST_KEEP: broker.keepFolder, TEST_STREAMS: String(broker.streams), SOLOIST_DATA_DIR: folder, SOLOIST_SMTP_PORT: '0', SOLOIST_OUTBOUND_SMTP_HOST: '127.0.0.1', SOLOIST_OUTBOUND_SMTP_PORT: String(port), SOLOIST_CRASH_PLAN: join(folder, 'plan'), SOLOIST_LOG_LEVEL: 'error' },
  });
  children.push(child);
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready());
    child.once('exit', (code, signal) => failed(new Error(`the connectors ended before they were ready: ${code ?? signal}`)));
  });
  return child;
}

async function typesSaid(): Promise<readonly string[]> {
  const commits = await ops.log.history({ context: 'connectors', entity: 'posting', key: 'operator-mail' });
  return (commits.flatMap((commit) => commit.events) as readonly PostingEvent[]).map(({ type }) => type.replace(/^.*\./, '')).filter((type) => type !== 'snapshotted');
}

async function untilSaid(count: number): Promise<readonly string[]> {
  for (const deadline = performance.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 25))) {
    const said = await typesSaid();
    if (said.length >= count) return said;
    if (performance.now() > deadline) throw new Error(`only this was said: ${JSON.stringify({ received, said })}`);
  }
}

const remind = (name: string): Promise<void> => write('gate', derivedId('run', name), { type: 'governance.gate.reminded', data: { gateId: `${derivedId('run', name)}-g1`, number: 1, dueAt: at } });
const idsOf = (part: string): readonly string[] => received.filter(({ subject }) => subject.includes(part)).map(({ id }) => id);
const gateOf = (name: string): string => `${derivedId('run', name)}-g1`;
function digestOf(day: string): MailingEvent {
  const data: MailDigest = { day, at, since: at, open: { count: 0, gates: [], others: [] }, asks: { count: 0, runs: [] }, closed: { approved: 1, rejected: 0, expired: 0, gates: [] } };
  return { type: 'governance.mailing.digested', data };
}

it('[V8] killed between mail and record mails again under the same Message-ID; killed behind the record, no more; a digest comes once to two processes', async () => {
  await wishes();
  await writeFile(join(folder, 'plan'), 'before:connectors.posting.deliver');
  const first = await startConnectors();
  await remind('before-record');
  if (first.signalCode === null) await once(first, 'exit');
  expect([first.signalCode, idsOf(gateOf('before-record')).length, await typesSaid()]).toEqual(['SIGKILL', 1, []]);

  const second = await startConnectors();
  expect(await untilSaid(1)).toEqual(['delivered']);
  expect([idsOf(gateOf('before-record')).length, new Set(idsOf(gateOf('before-record'))).size]).toEqual([2, 1]);

  await writeFile(join(folder, 'plan'), 'before-ack:connectors.posting');
  await remind('behind-record');
  if (second.signalCode === null) await once(second, 'exit');
  expect([second.signalCode, idsOf(gateOf('behind-record')).length, await typesSaid()]).toEqual(['SIGKILL', 1, ['delivered', 'delivered']]);

  await Promise.all([startConnectors(), startConnectors()]);
  await wishes(digestOf('2026-12-01'));
  await wishes(digestOf('2026-12-02'));
  await remind('after');
  expect(await untilSaid(5)).toEqual(Array.from({ length: 5 }, () => 'delivered'));
  expect([idsOf(gateOf('behind-record')).length, idsOf('(2026-12-01)').length, idsOf('(2026-12-02)').length, idsOf(gateOf('after')).length]).toEqual([1, 1, 1, 1]);
  expect(new Set(received.map(({ to }) => to.join())).size).toBe(1);
}, 120_000);
