/**
 * The broker's disk is full (F9): a real installation whose store lies on a small file system of its own. Needs root.
 *
 * I1 while it is full nothing is taken for done, new mail is refused with 452, and host, status and doctor say why
 * I2 when there is space again, all that was taken in goes on by itself, and nothing that was acknowledged is missing (G21)
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Finding } from '@soloist/eventlog/verify';
import { hostPaths } from '@soloist/host/installation';
import { verifyLog } from '@soloist/host/log';
import nodemailer from 'nodemailer';
import { eventually, Installation, type GateCard } from '../installation/installation.js';

export interface DiskFullReport {
  readonly commitsBefore: number;
  readonly commitsAfter: number;
  /** What the host said, from the full disk to the restart of the broker. */
  readonly said: readonly string[];
  /** What a sender heard while the disk was full. */
  readonly refusedWith: number;
  /** How long it took from the full disk to the first refusal, with the time the sender needed. */
  readonly refusedAfterMs: number;
  readonly statusFull: string;
  readonly doctorFull: string;
  /** What `log verify` found broken afterwards. */
  readonly findings: readonly Finding[];
  /** Mails that reached the outside world: one before, one that was under way, one that came after. */
  readonly mails: number;
}

const run = promisify(execFile);
const STORE_MB = 48;
const CHUNK = Buffer.alloc(64 * 1024, 1);
const GOES_ON_WITHIN_MS = 60_000;

/** @throws Error when nothing of this is possible here, when it is not said, or when it does not recover within 60 s */
export async function diskFull(): Promise<DiskFullReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'soloist-full-'));
  const { bus } = hostPaths(dataDir);
  await mkdir(bus, { mode: 0o700 });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${STORE_MB}m,mode=0700`, 'tmpfs', bus]).catch((error: unknown) => {
    throw new Error(`a small file system needs root: ${String(error)}`, { cause: error });
  });
  const company = Installation.at(dataDir);
  try {
    await company.up(true);
    return await fill(company, bus);
  } finally {
    await company.cli(['down']);
    await run('umount', [bus]).catch(() => run('umount', ['-l', bus]));
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function fill(company: Installation, bus: string): Promise<DiskFullReport> {
  const paths = hostPaths(company.dataDir);
  await send(company, 'before');
  await end(company, 'before');
  const commitsBefore = (await verifyLog(paths)).commits;
  const ballast = join(bus, 'ballast');
  const orchestrator = (await company.host()).services.find(({ name }) => name === 'orchestrator')?.pid ?? 0;
  // It holds the mail back until the disk is full, so that the first thing that cannot be written is work under way.
  process.kill(orchestrator, 'SIGSTOP');
  await send(company, 'during');
  await untilFull(ballast);
  const fullSince = performance.now();
  process.kill(orchestrator, 'SIGCONT');
  const refusedWith = await refusalOf(company, 'Question refused');
  const refusedAfterMs = performance.now() - fullSince;
  await said(company, /host\.storage-low|new mail is refused/);
  await said(company, /cannot write/);
  const [statusFull, doctorFull] = [await wordsOf(company, 'status'), await wordsOf(company, 'doctor')];
  await rm(ballast);
  await end(company, 'during');
  await send(company, 'after');
  await end(company, 'after');
  const told = (await readFile(paths.hostLog, 'utf8')).split('\n').filter((line) => /storage|space|cannot write|restarted/.test(line));
  const after = await verifyLog(paths);
  return { commitsBefore, commitsAfter: after.commits, said: told, refusedWith, refusedAfterMs, statusFull, doctorFull, findings: after.findings, mails: (await company.outside()).length };
}

async function said(company: Installation, what: RegExp): Promise<void> {
  const { hostLog } = hostPaths(company.dataDir);
  await eventually(`a word like ${String(what)} in the host's log`, async () => what.test(await readFile(hostLog, 'utf8')));
}

async function wordsOf(company: Installation, command: string): Promise<string> {
  const { stderr, stdout } = await company.cli([command]);
  return `${stdout}\n${stderr}`;
}

const textOf = (word: string): string => `What is your hourly rate for ${word}?`;

async function send(company: Installation, word: string): Promise<void> {
  await company.mail({ subject: `Question ${word}`, text: textOf(word) });
}

/** One try, as a mail server makes it. @throws Error when the mail is taken in */
async function refusalOf(company: Installation, subject: string): Promise<number> {
  const { smtp } = await company.host();
  const transport = nodemailer.createTransport({ host: smtp.host, port: smtp.port, secure: false, ignoreTLS: true });
  try {
    await transport.sendMail({ from: 'ada@client.example', to: 'operator@soloist.example', subject, text: textOf('refused') });
  } catch (error) {
    return (error as { responseCode?: number }).responseCode ?? 0;
  } finally {
    transport.close();
  }
  throw new Error('the intake took a mail in while the disk was full');
}

/** One mail to its end, as an operator would. */
async function end(company: Installation, word: string): Promise<void> {
  const gate = await eventually(`the gate of ${word}`, async () => gateOf(company, word), GOES_ON_WITHIN_MS);
  await eventually(`the decision on ${word}`, async () => (await company.decide(gate, 'approve')).status === 200);
  await eventually(`the end of ${word}`, async () => (await company.run(gate.runId)).state === 'done', GOES_ON_WITHIN_MS);
}

async function gateOf(company: Installation, word: string): Promise<GateCard | undefined> {
  for (const gate of await company.gates()) if (JSON.stringify((await company.api(`/v1/gates/${gate.gateId}`)).body).includes(word)) return gate;
  return undefined;
}

/** To the last byte. */
async function untilFull(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (;;) await handle.write(CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await handle.close();
  }
}
