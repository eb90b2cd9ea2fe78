/**
 * One host per data folder. Each holder has a numbered file of its own, `lock.1`, `lock.2`, …; the highest number counts.
 *
 * I1 of two that start together, exactly one gets the folder; the other harms nothing: a number is given once, and no
 *    file that may be in force is ever moved or removed to see whose it is
 * I2 the lock of a dead host is taken over without asking; a pid that was given to another program does not hold it
 */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { readIfThere, replaceDurably, writeOnce } from '@soloist/eventlog/durable-file';
import { HostError } from './host-error.js';
import { birthOf, isSame } from './processes.js';

export interface Holder {
  readonly pid: number;
  readonly birth: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

const TRIES = 20;
/** Let go in good order: names nobody, and keeps its number from being given again. */
const RELEASED = '{}';

/** @throws HostError host.already-running with the pid of the holder */
export async function takeLock(file: string, folder: string): Promise<FolderLock> {
  const own = JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid) } satisfies Holder);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const highest = await highestOf(file);
    const holder = await holderIn(numbered(file, highest));
    if (holder !== null) throw alreadyRunning(holder, folder);
    const number = highest + 1;
    if (!(await writeOnce(numbered(file, number), own))) continue;
    // Whoever looked long ago may get a number that others have left behind since; only the highest counts.
    if ((await highestOf(file)) === number) {
      await removeBelow(file, number);
      return { release: () => replaceDurably(numbered(file, number), RELEASED) };
    }
    await rm(numbered(file, number), { force: true });
  }
  throw new HostError('host.already-running', `several hosts start on ${folder} at the same moment`, 'wait a moment and run: ./soloist status');
}

/** The living host that holds the folder, or null. */
export async function lockHolder(file: string): Promise<Holder | null> {
  return holderIn(numbered(file, await highestOf(file)));
}

/** Whether a host ended without letting go. */
export async function isLockLeft(file: string): Promise<boolean> {
  const content = await readIfThere(numbered(file, await highestOf(file)));
  return content !== null && content !== RELEASED && (await lockHolder(file)) === null;
}

function numbered(file: string, number: number): string {
  return `${file}.${number}`;
}

async function holderIn(path: string): Promise<Holder | null> {
  const holder = parse(await readIfThere(path));
  return holder !== null && (await isSame(holder.pid, holder.birth)) ? holder : null;
}

/** 0 when there is none. */
async function highestOf(file: string): Promise<number> {
  return Math.max(0, ...(await numbersOf(file)));
}

async function numbersOf(file: string): Promise<readonly number[]> {
  const prefix = `${basename(file)}.`;
  const names = await readdir(dirname(file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.startsWith(prefix) && /^[1-9][0-9]*$/.test(name.slice(prefix.length))).map((name) => Number(name.slice(prefix.length)));
}

async function removeBelow(file: string, number: number): Promise<void> {
  for (const older of await numbersOf(file)) if (older < number) await rm(numbered(file, older), { force: true });
}

function parse(content: string | null): Holder | null {
  if (content === null) return null;
  try {
    const { pid, birth } = JSON.parse(content) as Partial<Holder>;
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 && typeof birth === 'string' ? { pid, birth } : null;
  } catch {
    // Not written by us, or torn by a power cut: it names nobody, so nobody holds it.
    return null;
  }
}

function alreadyRunning(holder: Holder, folder: string): HostError {
  return new HostError('host.already-running', `Soloist already runs on ${folder} as process ${holder.pid}`, './soloist status   or to stop it: ./soloist down');
}
