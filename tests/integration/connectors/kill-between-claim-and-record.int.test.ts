/** Real processes, a real broker, real SMTP: the connectors are killed at each durable point of an outward effect. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listMailboxes, mailboxRoot, messageIdOf, readConnectorsRun } from '@soloist/connectors';
import type { AnyEvent, ArmingEvent, Context, EffectEvent } from '@soloist/contracts';
import { commitIdOf, connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimedLoop, effectIdOf, newSigner } from './signed-authorization.fixture.js';

const signer = newSigner();
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
let broker: TestBroker;
let folder: string;
let ops: LogConnection;
const children: ChildProcess[] = [];

beforeAll(async () => {
  [broker, folder] = await Promise.all([startBroker(), mkdtemp(join(tmpdir(), 'connectors-kill-'))]);
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  await signer.writePublicKey(join(folder, 'secrets', 'governance-signing.pub'));
  ops = await connectAsOwner('ops');
}, 120_000);
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await ops.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

function connectAsOwner(service: Context | 'ops'): Promise<LogConnection> {
  return connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `test ${service}` });
}

async function startConnectors(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./connectors.process.ts', import.meta.url)), [], {
    cwd: ROOT,
    execArgv: ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      TEST_NATS_URL: broker.url,
      TEST_SEED_FILE: broker.seedFile('connectors'),
      TEST_KEEP: broker.keepFolder,
      TEST_STREAMS: String(broker.streams),
      SOLOIST_DATA_DIR: folder,
      SOLOIST_SMTP_PORT: '0',
      SOLOIST_CRASH_PLAN: join(folder, 'plan'),
      SOLOIST_LOG_LEVEL: 'error',
    },
  });
  children.push(child);
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready());
    child.once('exit', (code, signal) => failed(new Error(`the connectors ended before they were ready: ${code ?? signal}`)));
  });
  return child;
}

async function write(service: Context, entity: string, runId: string, event: AnyEvent): Promise<void> {
  const owner = await connectAsOwner(service);
  const appended = await owner.log.append({
    address: { context: service, entity, key: runId },
    id: commitIdOf(runId, event.type, entity),
    cause: null,
    actor: service,
    policy: null,
    at: new Date().toISOString(),
    traceparent: null,
    events: [event],
    after: null,
    snapshot: false,
  });
  await owner.close();
  if (appended.outcome !== 'committed') throw new Error(`${event.type}: ${appended.outcome}`);
}

/** The run stands in epoch 1, and governance lets one mail out. */
async function authorize(runId: string): Promise<void> {
  await write('runtime', 'loop', runId, claimedLoop(runId, 1));
  await write('governance', 'gate', runId, signer.authorized(runId));
}

/** What the connectors said of the run, in the order of the log. */
async function effects(runId: string): Promise<readonly (ArmingEvent | EffectEvent)[]> {
  const commits = (await ops.log.episode(runId)).filter(({ address }) => address.context === 'connectors');
  return (commits.flatMap((commit) => commit.events) as readonly (ArmingEvent | EffectEvent)[]).filter(({ type }) => type !== 'connectors.effect.snapshotted');
}
async function mailsOf(runId: string): Promise<number> {
  const wanted = messageIdOf(`${effectIdOf(runId)}-g1`);
  return (await listMailboxes(mailboxRoot(folder))).filter(({ headers }) => headers?.messageId === wanted).length;
}
async function until<T>(what: string, withinMs: number, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const last = (events: readonly AnyEvent[]): string => events.at(-1)?.type.replace(/^.*\./, '') ?? 'nothing';

/** Where it dies, what then stands on the log, how often the mail went out, and what a later worker makes of it. */
const KILLS = [
  { label: 'after:connectors.effect.attempt:*-e1-g1:1', left: 'attempted', mails: 0, ends: 'unknown', finally: 0 },
  { label: 'claimed:effect', left: 'armed', mails: 0, ends: 'unknown', finally: 0 },
  { label: 'acted:effect', left: 'armed', mails: 1, ends: 'succeeded', finally: 1 },
  { label: 'after:connectors.arming.arm:*-e1-g1:1', left: 'armed', mails: 0, ends: 'unknown', finally: 0 },
  { label: 'after:connectors.effect.succeed:*-e1-g1:1', left: 'succeeded', mails: 1, ends: 'succeeded', finally: 1 },
  // Last: when its message comes again, it is claimed anew, and would take the kill that is planned for another.
  { label: 'before:connectors.effect.attempt:*-e1-g1:1', left: 'nothing', mails: 0, ends: 'succeeded', finally: 1 },
] as const;
const runIdOf = (label: string): string => derivedId('run', label);

describe('the connectors, killed with SIGKILL', () => {
  it('[C8] [G8] at each durable point: never two mails, never a blind resend, and no effect left without an end', async () => {
    for (const { label, left, mails } of KILLS) {
      const child = await startConnectors();
      const died = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
      await writeFile(join(folder, 'plan'), label);
      await authorize(runIdOf(label));
      expect(await died, label).toBe('SIGKILL');
      await stat(join(folder, 'plan.taken'));
      expect(last(await effects(runIdOf(label))), label).toBe(left);
      expect(await mailsOf(runIdOf(label)), label).toBe(mails);
    }
    await startConnectors();
    for (const { label, ends, finally: mails } of KILLS) {
      const said = await until(`the end of ${label}`, 90_000, async () => {
        const now = await effects(runIdOf(label));
        return last(now) === ends ? now : null;
      });
      expect(said.filter(({ type }) => type === 'connectors.effect.attempted'), label).toHaveLength(1);
      expect(await mailsOf(runIdOf(label)), label).toBe(mails);
    }
    expect((await effects(runIdOf('acted:effect'))).at(-1)?.data).toMatchObject({ knownBy: 'reconciled' });
  }, 240_000);

  it('takes mail in under its own account: one sealed fact, the whole message in a blob', async () => {
    const run = await until('the port', 10_000, () => readConnectorsRun(folder));
    const transport = createTransport({ host: run.smtpHost, port: run.smtpPort, ignoreTLS: true });
    const mail = { from: 'jane@client.example', to: 'operator@soloist.example', subject: 'Terms', text: 'The rate is 95 EUR.', messageId: '<terms@client.example>' };
    for (let times = 0; times < 2; times += 1) await transport.sendMail(mail);
    transport.close();
    const address = { context: 'connectors', entity: 'intake', key: derivedId('mail', '<terms@client.example>') } as const;
    const head = await until('the fact', 20_000, () => ops.log.head(address));
    expect(head.events).toMatchObject([{ type: 'connectors.intake.input-received', data: { text: 'The rate is 95 EUR.', from: { address: 'jane@client.example' } } }]);
    const { raw } = head.events[0]?.data as { raw: Parameters<LogConnection['log']['getBlob']>[0] };
    expect(Buffer.from(await ops.log.getBlob(raw)).toString()).toContain('Subject: Terms');
    await until('both mails put away', 20_000, async () => ((await listMailboxes(mailboxRoot(folder))).filter(({ box, folder: at }) => box === 'operator' && at === 'cur').length === 2 ? true : null));
    expect(await ops.log.history(address)).toHaveLength(1);
  });
});
