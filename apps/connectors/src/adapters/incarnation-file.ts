/**
 * How often this installation was brought back from a backup, as the host wrote it into the keep. What was done outside
 * after the backup is not on the log of the life that follows it.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';

/** 1 for an installation that was never restored. @throws Fault invalid when the file holds no such number */
export async function readIncarnation(keepFolder: string): Promise<number> {
  const file = join(keepFolder, 'incarnation');
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '1';
    throw error;
  });
  const incarnation = Number(content.trim());
  if (Number.isSafeInteger(incarnation) && incarnation > 0) return incarnation;
  throw new Fault('invalid', 'keep.incarnation-unreadable', `${file} holds no number, so nobody can tell whether effects may have been done before. Restore the keep from a backup.`);
}
