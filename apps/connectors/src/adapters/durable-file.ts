/** Files that must survive a power cut: content synced before the name appears, the folder synced after it did. */
import { randomBytes } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file in one step: a reader sees the old content or the new, whole. */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeSynced(aside, content, mode);
  await rename(aside, path);
  await syncFolder(dirname(path));
}

export async function writeSynced(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
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
