/**
 * Small files that must survive a power cut whole.
 *
 * I1 a reader sees the whole content or no file; what `createFile` answered is on disk
 * I2 of several processes that create the same file one wins, and all go on with the winner's content
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export async function readIfExists(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Answers what the file holds: `content`, or what another process had put there before. */
export async function createFile(file: string, content: string, mode: number): Promise<string> {
  const draft = await writeDraft(file, content, mode);
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(file, 'utf8');
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(file);
  return content;
}

export async function replaceFile(file: string, content: string, mode: number): Promise<void> {
  await rename(await writeDraft(file, content, mode), file);
  await syncFolder(file);
}

async function writeDraft(file: string, content: string, mode: number): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  const handle = await open(draft, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
