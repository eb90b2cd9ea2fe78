/**
 * The broker's disk is full (F9): a real installation whose store lies on a small file system of its own. Needs root.
 *
 * I1 while it is full nothing is taken for done: a mail that came in waits in the operator's box, and it is said
 * I2 when there is space again, all that waited goes on by itself, and nothing that was acknowledged is missing (G21)
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hostPaths, verifyLog } from '@soloist/host';
import { eventually, Installation, type GateCard } from '../installation/installation.js';

export interface DiskFullReport {
  readonly commitsBefore: number;
  readonly commitsAfter: number;
  /** What the host said while the disk was full. */
  readonly said: string;
  readonly isWhole: boolean;
  /** Mails that reached the outside world: one before, one that came while the disk was full. */
  readonly mails: number;
}

const run = promisify(execFile);
const STORE_MB = 48;
const LAST_LINES = 12;
const CHUNK = Buffer.alloc(64 * 1024, 1);

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
  await end(company, 'before');
  const paths = hostPaths(company.dataDir);
  const commitsBefore = (await verifyLog(paths)).commits;
  const ballast = join(bus, 'ballast');
  await untilFull(ballast);
  await company.mail({ subject: 'Question during', text: 'What is your hourly rate for during?' });
  const logged = (): Promise<string> => readFile(paths.hostLog, 'utf8');
  const said = await eventually('a word about the full disk', async () => sayingIn(await logged())).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; the host said last:\n${(await logged()).split('\n').slice(-LAST_LINES).join('\n')}`, { cause: error });
  });
  await rm(ballast);
  await end(company, 'during', false);
  const after = await verifyLog(paths);
  return { commitsBefore, commitsAfter: after.commits, said, isWhole: after.isWhole, mails: (await company.outside()).length };
}

/** One mail to its end, as an operator would. */
async function end(company: Installation, word: string, sends = true): Promise<void> {
  if (sends) await company.mail({ subject: `Question ${word}`, text: `What is your hourly rate for ${word}?` });
  const gate = await eventually(`the gate of ${word}`, async () => gateOf(company, word), 60_000);
  await eventually(`the decision on ${word}`, async () => (await company.decide(gate, 'approve')).status === 200);
  await eventually(`the end of ${word}`, async () => (await company.run(gate.runId)).state === 'done', 60_000);
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

function sayingIn(log: string): string | undefined {
  return log.split('\n').find((line) => /stays in the box|no space|log\.full|log\.refused/i.test(line));
}
