/**
 * One host per data folder.
 *
 * I1 of two that start together, exactly one gets the folder; the other harms nothing
 * I2 the lock of a dead host is taken over without asking; a pid that was given to another program does not hold it
 */
import { rename, rm, unlink } from 'node:fs/promises';
import { createFile, readIfThere } from './atomic-file.js';
import { HostError } from './host-error.js';
import { birthOf, isSame } from './processes.js';

export interface Holder {
  readonly pid: number;
  readonly birth: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

const TRIES = 5;

/** @throws HostError host.already-running with the pid of the holder */
export async function takeLock(file: string, folder: string): Promise<FolderLock> {
  const own = JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid) } satisfies Holder);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (await createFile(file, own)) return { release: () => releaseOwn(file, own) };
    const holder = await lockHolder(file);
    if (holder !== null) throw alreadyRunning(holder, folder);
    await putAside(file);
  }
  throw new HostError('host.already-running', `several hosts start on ${folder} at the same moment`, 'wait a moment and run: ./soloist status');
}

/** The living host that holds the folder, or null. */
export async function lockHolder(file: string): Promise<Holder | null> {
  const holder = parse(await readIfThere(file));
  return holder !== null && (await isSame(holder.pid, holder.birth)) ? holder : null;
}

/** Between the look and the move another one may have taken the folder: then its lock is put back. */
async function putAside(file: string): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readIfThere(aside);
  const holder = parse(moved);
  if (moved !== null && holder !== null && (await isSame(holder.pid, holder.birth))) await createFile(file, moved);
  await rm(aside, { force: true });
}

async function releaseOwn(file: string, own: string): Promise<void> {
  if ((await readIfThere(file)) === own) await unlink(file);
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
