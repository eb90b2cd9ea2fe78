/**
 * What the operating system says about processes. A pid alone proves nothing: it may have been given to another
 * program since. Who signals a process first asks what it is.
 */
import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process was started, in the kernel's ticks since boot; empty where the system does not tell. */
export async function birthOf(pid: number): Promise<string> {
  return (await statFields(pid))[19] ?? '';
}

/** The same process as then, not a later one with its number. */
export async function isSame(pid: number, birth: string): Promise<boolean> {
  return isAlive(pid) && !(await isEnded(pid)) && birth === (await birthOf(pid));
}

export async function commandLine(pid: number): Promise<readonly string[]> {
  const listed = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (listed !== null) return listed.split('\0').filter((word) => word !== '');
  // No /proc (macOS): the same from ps, whose words are separated by blanks.
  const shown = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return shown === null ? [] : shown.stdout.trim().split(' ');
}

/** Answers whether it ended in time. */
export async function untilEnded(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid) && !(await isEnded(pid))) {
    if (performance.now() > deadline) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}

/** Answers false when there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** An ended process that nobody has waited for yet still answers to signal 0. */
async function isEnded(pid: number): Promise<boolean> {
  return (await statFields(pid))[0] === 'Z';
}

/** The fields of /proc/pid/stat from the state on: the name before it may hold blanks and brackets. */
async function statFields(pid: number): Promise<readonly string[]> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line === '' ? [] : line.slice(line.lastIndexOf(')') + 2).split(' ');
}
