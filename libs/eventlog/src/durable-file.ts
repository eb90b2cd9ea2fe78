/**
 * Small files that must survive a power cut: written aside, synced, then put in place in one step, folder synced.
 *
 * I1 a reader sees the whole old content or the whole new content, never a part
 * I2 when a call returns, the content is on the disk
 */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces the file's content. */
export async function replaceDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const aside = await writeAside(path, content, mode);
  await rename(aside, path);
  await syncFolder(dirname(path));
}

/** Writes the file if there is none; answers whether this call made it. Safe between processes. */
export async function writeOnce(path: string, content: string | Uint8Array, mode = 0o600): Promise<boolean> {
  const aside = await writeAside(path, content, mode);
  try {
    // A hard link fails if the name is taken, which a rename would not.
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(aside);
    await syncFolder(dirname(path));
  }
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and syncs its content; the name is durable after `syncFolder`. */
export async function writeSynced(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null when there is no such file. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** What the file holds: `content`, or what this or another process had put there before. */
export async function readOrWriteOnce(path: string, content: string, mode = 0o600): Promise<string> {
  return (await writeOnce(path, content, mode)) ? content : readFile(path, 'utf8');
}

async function writeAside(path: string, content: string | Uint8Array, mode: number): Promise<string> {
  const aside = `${path}.${randomBytes(8).toString('hex')}.new`;
  await writeSynced(aside, content, mode);
  return aside;
}
