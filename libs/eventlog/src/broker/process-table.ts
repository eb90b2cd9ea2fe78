/**
 * What the operating system says about processes. A pid alone proves nothing, it may have been given to another
 * program since; a process counts as our broker only when its command line says so.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@soloist/kernel';
import { writeOnce } from '../durable-file.js';

const STOP_TIMEOUT_MS = 40_000;

/** An ended process that nobody has waited for yet still answers to signal 0; it counts as ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return fieldsOf(pid)[0] !== 'Z';
}

/** Whether the process is nats-server started with this configuration file. */
export async function isBroker(pid: number, confFile: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  // The binary may have any name; what it was started with is what this lib starts a broker with, and nothing else.
  const [, option, file, ...more] = await commandLine(pid);
  return option === '-c' && file === confFile && more.length === 0;
}

async function commandLine(pid: number): Promise<readonly string[]> {
  const listed = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (listed !== null) return listed.split('\0').filter((word) => word !== '');
  // No /proc (macOS): the same from ps, whose words are separated by blanks.
  const shown = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return shown === null ? [] : shown.stdout.trim().split(' ');
}

/** Ends the broker, gracefully unless told otherwise, and waits for its end; does nothing when it is gone. @throws Fault transient when it does not end */
export async function stopBroker(pid: number, confFile: string, how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (!(await isBroker(pid, confFile))) return;
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  signal(pid, how);
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw new Fault('transient', 'broker-not-stopped', `nats-server, process ${pid}, did not end within ${STOP_TIMEOUT_MS / 1_000} s. Look at its log, then end it by hand.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What the kernel tells of a process, from its state on; empty where the system does not tell. */
function fieldsOf(pid: number): readonly string[] {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets, so count from its end.
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** In the kernel's ticks since boot: together with the pid it names one process for ever. */
function birthOf(pid: number): string {
  return fieldsOf(pid)[19] ?? '';
}

const heldHere = new Set<string>();

/** Keeps a second start out of the folder while this one goes on. Answers how to let go. @throws Fault transient */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'start.lock');
  const name = `${process.pid} ${birthOf(process.pid)} ${randomUUID()}`;
  heldHere.add(name);
  if (!(await writeOnce(lock, name)) && !(await takeStale(lock, name))) {
    heldHere.delete(name);
    throw new Fault('transient', 'broker-start-in-progress', `Another start is going on in ${folder}. Wait for it, or delete ${lock} if there is none.`);
  }
  return async () => {
    heldHere.delete(name);
    await rm(lock, { force: true });
  };
}

/** Takes over the lock of a start that was killed. */
async function takeStale(lock: string, name: string): Promise<boolean> {
  const holder = await readFile(lock, 'utf8').catch(() => '');
  if (isHolding(holder)) return false;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    // Somebody else was faster.
    return false;
  }
  const moved = await readFile(aside, 'utf8');
  // Between the look and the move another start may have taken over and be under way: give it back.
  if (moved !== holder) await link(aside, lock);
  await rm(aside);
  return moved === holder && (await writeOnce(lock, name));
}

function isHolding(holder: string): boolean {
  const [pid, birth] = holder.split(' ');
  const isOurs = Number(pid) === process.pid && birth === birthOf(process.pid);
  if (isOurs) return heldHere.has(holder);
  // A pid may have been given to another program since.
  return Number(pid) > 0 && isAlive(Number(pid)) && birthOf(Number(pid)) === birth;
}
