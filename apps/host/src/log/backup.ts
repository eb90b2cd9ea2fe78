/**
 * `soloist backup FOLDER`: a cold copy of an installation that does not run.
 *
 * I1 nothing runs on the folder while it is copied, and nothing can start: the host's own lock is held
 * I2 the keys lie in another part than the log. A person is forgotten by losing their key, so a copy of the log may be
 *    kept for ever, while older copies of the keys must be deleted after an erasure: together they would bring it back
 * I3 what the keep remembers of the log lies with the log: keys of another day must open it without calling it cut
 * I4 projections are not copied: they are read again from the log
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { takeLock } from '../folder-lock.js';
import { HostError, messageOf } from '../host-error.js';
import { stopLeftParts } from '../left-behind.js';
import type { HostPaths } from '../paths.js';
import { contentOf, sealFolder, type Copied } from './sealed-folder.js';

/** Streams with their heads · what opens them · the sandbox's outside world, in clear. */
export const PARTS_OF_BACKUP = ['log', 'keys', 'mailbox'] as const;
export type BackupPart = (typeof PARTS_OF_BACKUP)[number];

export interface BackupReport {
  readonly folder: string;
  readonly backup: string;
  readonly files: Readonly<Record<BackupPart, number>>;
  readonly bytes: number;
}

interface Part {
  readonly files: readonly Copied[];
  readonly folders: readonly string[];
}

/** @throws HostError host.already-running · backup.nothing · backup.folder-unusable */
export async function backup(paths: HostPaths, target: string): Promise<BackupReport> {
  const { HEAD_FILES } = await import('@soloist/eventlog/verify');
  if ((await contentOf(paths.keep)).files.length === 0) throw new HostError('backup.nothing', `${paths.folder} holds no installation`, 'set SOLOIST_DATA_DIR to the data folder');
  const lock = await takeLock(paths.lock, paths.folder).catch((error: unknown) => {
    if (!(error instanceof HostError)) throw error;
    throw new HostError(error.code, error.message, './soloist down   then take the backup again', { cause: error });
  });
  try {
    await stopLeftParts(paths);
    const folder = await emptyFolder(target);
    const head = { backup: randomUUID(), takenAt: new Date().toISOString() };
    const parts = await partsOf(paths, (path) => HEAD_FILES.some((name) => path === `keep/${name}`));
    let bytes = 0;
    for (const part of PARTS_OF_BACKUP) {
      const { files, folders } = parts[part];
      const list = await sealFolder(join(folder, part), { ...head, part }, files, folders);
      bytes += Object.values(list.files).reduce((sum, file) => sum + file.bytes, 0);
    }
    const { log, keys, mailbox } = parts;
    return { folder, backup: head.backup, files: { log: log.files.length, keys: keys.files.length, mailbox: mailbox.files.length }, bytes };
  } finally {
    await lock.release();
  }
}

async function partsOf(paths: HostPaths, isHead: (path: string) => boolean): Promise<Readonly<Record<BackupPart, Part>>> {
  // The rest of the bus is its configuration, made anew at each start, and words about its process.
  const [store, keep, secrets, mailbox] = [await below(paths, join(paths.bus, 'js')), await below(paths, paths.keep), await below(paths, paths.secrets), await below(paths, paths.mailbox)];
  return {
    log: { files: [...store.files, ...keep.files.filter(({ path }) => isHead(path))], folders: store.folders },
    keys: { files: [...keep.files.filter(({ path }) => !isHead(path)), ...secrets.files], folders: [...keep.folders, ...secrets.folders] },
    mailbox,
  };
}

/** Paths as they stand in the data folder, so that a restore puts them back where they were. */
async function below(paths: HostPaths, folder: string): Promise<Part> {
  const as = relative(paths.folder, folder).replaceAll('\\', '/');
  const { files, folders } = await contentOf(folder);
  return { files: files.map((path) => ({ path: `${as}/${path}`, from: join(folder, path) })), folders: folders.map((path) => `${as}/${path}`) };
}

/** Made when it is not there. @throws HostError backup.folder-unusable */
async function emptyFolder(target: string): Promise<string> {
  const folder = resolve(target);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length === 0) return folder;
  } catch (error) {
    throw new HostError('backup.folder-unusable', `${folder} cannot be used: ${messageOf(error)}`, 'name a folder that you may write to', { cause: error });
  }
  throw new HostError('backup.folder-unusable', `${folder} is not empty`, 'name a new or empty folder; nothing is ever written over', { exitCode: 5 });
}
