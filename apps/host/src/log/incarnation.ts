/**
 * How often an installation was brought back from a backup. What was done outside after the backup is not on the
 * restored log; the number tells this life of it from the one before.
 */
import { join } from 'node:path';
import { readIfThere, replaceDurably } from '@soloist/eventlog/durable-file';
import { HostError } from '../host-error.js';

const FILE = 'incarnation';

/** 1 for an installation that was never restored. @throws HostError backup.damaged */
export async function incarnationOf(keepFolder: string): Promise<number> {
  const content = await readIfThere(join(keepFolder, FILE));
  if (content === null) return 1;
  const number = Number(content.trim());
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new HostError('backup.damaged', `${join(keepFolder, FILE)} holds no number`, 'restore the keep from a backup');
}

export async function raiseIncarnation(keepFolder: string): Promise<number> {
  const next = (await incarnationOf(keepFolder)) + 1;
  await replaceDurably(join(keepFolder, FILE), `${next}\n`);
  return next;
}
