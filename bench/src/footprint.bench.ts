/**
 * What an installation costs before it does anything, as its owner meets it: `./soloist up` in a folder of its own, all
 * five services in one process.
 * `start-up`: from the command to ready, for a folder that has been used before. The limit is the start of broker and
 *   PostgreSQL alone, at the same time, as the test kit starts them.
 * `idle-memory`: proportional memory of all its processes, some seconds after it is ready. The limit is that of broker
 *   and PostgreSQL alone.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, startBroker, startPostgres } from '@soloist/testing';
import { figureOf, type Figure, type Round } from './figure.js';
import { familyOf, proportionalBytesOf } from './process-cost.js';

const ROOT = resolve(import.meta.dirname, '../..');
const ROUNDS = 3;
const READY_WITHIN_MS = 120_000;
const SETTLE_MS = 4_000;
const MIB = 1024 * 1024;

interface Look {
  readonly seconds: number;
  readonly mebibytes: number;
}

export async function benchFootprint(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-footprint-'));
  try {
    // The first start lays everything down and warms the caches of files.
    await installation(folder);
    await foundations();
    const seconds: Round[] = [];
    const memory: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [ours, bare] = [await installation(folder), await foundations()];
      seconds.push({ value: ours.seconds, limit: bare.seconds });
      memory.push({ value: ours.mebibytes, limit: bare.mebibytes });
    }
    return [figureOf('start-up', 's', seconds), figureOf('idle-memory', 'MiB', memory)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function installation(folder: string): Promise<Look> {
  const environment = { ...process.env, SOLOIST_DATA_DIR: folder, SOLOIST_SMTP_PORT: String(await freePort()) };
  const started = performance.now();
  const child = spawn(join(ROOT, 'soloist'), ['up', '--port', String(await freePort())], { cwd: ROOT, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  try {
    const pid = await untilReady(folder, child, said);
    const seconds = secondsSince(started);
    await pause(SETTLE_MS);
    return { seconds, mebibytes: mebibytesOf(familyOf(pid)) };
  } finally {
    await end(child);
  }
}

/** The process that says it runs: the script may have handed over to another. */
async function untilReady(folder: string, child: ChildProcess, said: readonly string[]): Promise<number> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`soloist up ended with ${child.exitCode}: ${said.join('').slice(-600)}`);
    const instance = await readFile(join(folder, 'run/host.json'), 'utf8').then(readInstance, () => null);
    if (instance?.isReady === true) return instance.pid;
    await pause(10);
  }
  throw new Error(`soloist up was not ready after ${READY_WITHIN_MS} ms: ${said.join('').slice(-600)}`);
}

function readInstance(text: string): { readonly isReady: boolean; readonly pid: number } | null {
  try {
    return JSON.parse(text) as { isReady: boolean; pid: number };
  } catch {
    return null; // Read while it was written.
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

/** Broker and PostgreSQL alone. Both are made first, ended, and started again together: only that is counted. */
async function foundations(): Promise<Look> {
  const [broker, postgres] = await Promise.all([startBroker({ streams: 8 }), startPostgres()]);
  try {
    await Promise.all([broker.kill9(), postgres.kill9()]);
    const started = performance.now();
    await Promise.all([broker.restart(), postgres.restart()]);
    const seconds = secondsSince(started);
    await pause(SETTLE_MS);
    return { seconds, mebibytes: mebibytesOf(familyOf(process.pid).filter((pid) => pid !== process.pid)) };
  } finally {
    await Promise.all([broker.stop(), postgres.stop()]);
  }
}

function mebibytesOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + proportionalBytesOf(pid), 0) / MIB;
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1_000;
}
