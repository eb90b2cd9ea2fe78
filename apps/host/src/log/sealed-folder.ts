/**
 * A copied folder with a list of what it must hold: the SHA-256 of every file.
 *
 * I1 the list is written last; a copy without it is not finished
 * I2 a copy is whole when it holds exactly the listed files with the listed contents: no more, no less
 * I3 links and devices are refused: what a copy cannot hold must not be left out in silence
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { HostError, messageOf } from '../host-error.js';

const LIST = 'manifest.json';

const FolderList = z.strictObject({
  version: z.literal(1),
  /** Equal in all parts of one backup. */
  backup: z.uuid(),
  part: z.string(),
  takenAt: z.iso.datetime(),
  /** All folders, since the broker's store has empty ones that must be there. */
  folders: z.array(z.string()),
  files: z.record(z.string(), z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type FolderList = z.output<typeof FolderList>;

export interface Below {
  /** Paths with slashes, sorted. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

export interface Copied {
  /** Path inside the part, with slashes. */
  readonly path: string;
  readonly from: string;
}

/** What lies below a folder; nothing when there is no folder. @throws HostError backup.folder-unusable */
export async function contentOf(folder: string): Promise<Below> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== undefined) throw new HostError('backup.folder-unusable', `${join(odd.parentPath, odd.name)} is neither a file nor a folder`, 'remove it, or replace it by what it stands for');
  const paths = (chosen: typeof entries): readonly string[] => chosen.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort();
  return { files: paths(entries.filter((entry) => entry.isFile())), folders: paths(entries.filter((entry) => entry.isDirectory())) };
}

/** Copies the files into a new part and writes its list. @throws HostError backup.folder-unusable */
export async function sealFolder(folder: string, head: Omit<FolderList, 'version' | 'files' | 'folders'>, files: readonly Copied[], folders: readonly string[]): Promise<FolderList> {
  for (const path of ['', ...folders]) await mkdir(join(folder, path), { recursive: true, mode: 0o700 });
  const listed: FolderList['files'] = {};
  for (const { path, from } of files) {
    await copyDurably(from, join(folder, path));
    listed[path] = await fingerprint(join(folder, path));
  }
  const list: FolderList = { version: 1, ...head, folders: [...folders], files: listed };
  const handle = await open(join(folder, LIST), 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(list, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return list;
}

/** @throws HostError backup.damaged naming the first file that is not as listed */
export async function requireSealed(folder: string, part: string): Promise<FolderList> {
  const list = await readList(folder, part);
  const there = (await contentOf(folder)).files.filter((path) => path !== LIST);
  const extra = there.find((path) => list.files[path] === undefined);
  if (extra !== undefined) throw damaged(join(folder, extra), 'does not belong to the backup');
  for (const [path, { bytes, sha256 }] of Object.entries(list.files)) {
    const found = await fingerprint(join(folder, path)).catch((error: unknown) => Promise.reject(damaged(join(folder, path), `cannot be read: ${messageOf(error)}`)));
    if (found.bytes !== bytes || found.sha256 !== sha256) throw damaged(join(folder, path), 'is not what was backed up');
  }
  return list;
}

async function readList(folder: string, part: string): Promise<FolderList> {
  const file = join(folder, LIST);
  const content = await readFile(file, 'utf8').catch(() => null);
  if (content === null) throw damaged(file, 'is missing: this is no finished backup');
  try {
    const list = FolderList.parse(JSON.parse(content));
    if (list.part !== part) throw new Error(`it belongs to the part ${list.part}`);
    return list;
  } catch (error) {
    throw damaged(file, `cannot be read: ${error instanceof z.ZodError ? 'it is no list of files' : messageOf(error)}`);
  }
}

export async function copyDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to);
  await chmod(to, 0o600);
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function fingerprint(file: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

function damaged(file: string, reason: string): HostError {
  return new HostError('backup.damaged', `${file} ${reason}`, 'use another backup; nothing was restored');
}
