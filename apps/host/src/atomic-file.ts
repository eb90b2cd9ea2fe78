/** Small files that readers see whole or not at all. */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';

export async function replaceFile(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(aside, content, { mode: 0o600, flag: 'wx' });
  await rename(aside, path);
}

/** Answers false, and changes nothing, when the file is there already. */
export async function createFile(path: string, content: string): Promise<boolean> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(aside, content, { mode: 0o600, flag: 'wx' });
  try {
    // A hard link fails if the name is taken, which a rename would not.
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(aside);
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

/** The secret in a file, made at random when there is none. `isNew` tells whether this call made it. */
export async function secretIn(path: string): Promise<{ readonly secret: string; readonly isNew: boolean }> {
  const isNew = await createFile(path, `${randomBytes(24).toString('base64url')}\n`);
  return { secret: (await readFile(path, 'utf8')).trim(), isNew };
}
