/**
 * `soloist restore FOLDER`: brings an installation back from a backup, in a data folder that holds nothing.
 *
 * I1 nothing is ever written over
 * I2 what is put in place was checked against the lists after it was copied; it appears as a whole or not at all
 * I3 the incarnation is raised: this is another life of the installation
 */
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HostError, messageOf } from '../host-error.js';
import type { HostPaths } from '../paths.js';
import { PARTS_OF_BACKUP, type BackupPart } from './backup.js';
import { raiseIncarnation } from './incarnation.js';
import { copyDurably, requireSealed, type FolderList } from './sealed-folder.js';

export interface RestoreReport {
  readonly folder: string;
  readonly backup: string;
  readonly takenAt: string;
  readonly incarnation: number;
  readonly files: number;
  /** True when the keys come from another backup than the log. */
  readonly hasOtherKeys: boolean;
}

/**
 * @param keysFolder the part `keys` of another backup, to open an old log with today's keys: who was erased since stays so
 * @throws HostError restore.folder-not-empty · backup.damaged
 */
export async function restore(paths: HostPaths, backupFolder: string, keysFolder: string | null): Promise<RestoreReport> {
  await requireNothing(paths.folder);
  const from = resolve(backupFolder);
  const places: Readonly<Record<BackupPart, string>> = { log: join(from, 'log'), keys: resolve(keysFolder ?? join(from, 'keys')), mailbox: join(from, 'mailbox') };
  const lists = { log: await requireSealed(places.log, 'log'), keys: await requireSealed(places.keys, 'keys'), mailbox: await requireSealed(places.mailbox, 'mailbox') };
  requireOneBackup(lists, keysFolder !== null);
  const aside = `${paths.folder}.restoring`;
  try {
    await mkdir(dirname(paths.folder), { recursive: true, mode: 0o700 });
    // Of a restore that was cut off; it was never in place.
    await rm(aside, { recursive: true, force: true });
    let files = 0;
    for (const part of PARTS_OF_BACKUP) files += await putAside(places[part], lists[part], aside, part);
    const incarnation = await raiseIncarnation(join(aside, 'keep'));
    await putInPlace(aside, paths.folder);
    const { backup, takenAt } = lists.log;
    return { folder: paths.folder, backup, takenAt, incarnation, files, hasOtherKeys: lists.keys.backup !== backup };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function requireNothing(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new HostError('host.folder-unusable', `the data folder ${folder} cannot be read: ${messageOf(error)}`, 'set SOLOIST_DATA_DIR to another folder', { cause: error });
  });
  if (entries.length === 0) return;
  throw new HostError('restore.folder-not-empty', `the data folder ${folder} is not empty (${entries.slice(0, 3).join(', ')})`, 'set SOLOIST_DATA_DIR to a new folder, or move this one away; nothing is ever written over', { exitCode: 5 });
}

function requireOneBackup(lists: Readonly<Record<BackupPart, FolderList>>, hasOtherKeys: boolean): void {
  const odd = PARTS_OF_BACKUP.find((part) => lists[part].backup !== lists.log.backup && !(part === 'keys' && hasOtherKeys));
  if (odd === undefined) return;
  throw new HostError('backup.damaged', `the part ${odd} is of another backup than the log`, odd === 'keys' ? 'name it with --keys if this is meant; nothing was restored' : 'use the parts of one backup; nothing was restored');
}

/** Copies a part and checks the copy, not its source: what was read is what is checked. */
async function putAside(part: string, list: FolderList, aside: string, name: BackupPart): Promise<number> {
  const staged = join(aside, `.${name}`);
  for (const path of [...Object.keys(list.files), 'manifest.json']) await copyDurably(join(part, path), join(staged, path));
  await requireSealed(staged, name);
  for (const path of list.folders) await mkdir(join(aside, path), { recursive: true, mode: 0o700 });
  for (const path of Object.keys(list.files)) {
    const to = join(aside, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(join(staged, path), to);
  }
  await rm(staged, { recursive: true });
  return Object.keys(list.files).length;
}

async function putInPlace(aside: string, folder: string): Promise<void> {
  // Fails when somebody put something there meanwhile, which is what is wanted.
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
  await rename(aside, folder);
}
