/**
 * What the operating system says about processes. A pid alone proves nothing, it may have been given to another
 * program since; a process counts as our broker only when its command line says so.
 */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@soloist/kernel';

const STOP_TIMEOUT_MS = 40_000;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process is nats-server started with this configuration file. */
export async function isBroker(pid: number, confFile: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const words = await commandLine(pid);
  return words.includes('-c') && words.includes(confFile);
}

async function commandLine(pid: number): Promise<readonly string[]> {
  const listed = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (listed !== null) return listed.split('\0').filter((word) => word !== '');
  // No /proc (macOS): the same from ps, whose words are separated by blanks.
  const shown = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return shown === null ? [] : shown.stdout.trim().split(' ');
}

/** Ends a process gracefully and waits for its end. @throws Fault transient when it does not end */
export async function stopProcess(pid: number): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  signal(pid, 'SIGTERM');
  while (isAlive(pid)) {
    if (await isZombie(pid)) return;
    if (Date.now() > deadline) throw new Fault('transient', 'broker-not-stopped', `nats-server, process ${pid}, did not end within ${STOP_TIMEOUT_MS / 1_000} s. Look at its log, then end it by hand.`);
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

/** An ended process that nobody has waited for yet still answers to signal 0. */
async function isZombie(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /^\d+ \(.*\) Z/s.test(state);
}

/** When the process was started, in the kernel's ticks since boot; empty where the system does not tell. */
async function birthOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in brackets may hold blanks, so count from behind it: the start time is field 22, 20 after the name.
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

const held = new Set<string>();

/** Keeps a second start out of the folder while this one goes on. Answers how to let go. @throws Fault transient */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'start.lock');
  const name = `${process.pid} ${await birthOf(process.pid)}`;
  if (held.has(lock) || (!(await take(lock, name)) && ((await isHeldByOther(lock, name)) || !(await takeStale(lock, name))))) {
    throw new Fault('transient', 'broker-start-in-progress', `Another start is going on in ${folder}. Wait for it, or delete ${lock} if there is none.`);
  }
  held.add(lock);
  return async () => {
    held.delete(lock);
    await rm(lock, { force: true });
  };
}

async function take(lock: string, name: string): Promise<boolean> {
  try {
    await writeFile(lock, name, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Its holder was killed while it started. */
async function takeStale(lock: string, name: string): Promise<boolean> {
  await rm(lock, { force: true });
  return take(lock, name);
}

async function isHeldByOther(lock: string, name: string): Promise<boolean> {
  const holder = await readFile(lock, 'utf8').catch(() => '');
  const pid = Number(holder.split(' ')[0]);
  if (holder === name || !Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  // The pid may have been given to another program since.
  return holder === `${pid} ${await birthOf(pid)}`;
}
