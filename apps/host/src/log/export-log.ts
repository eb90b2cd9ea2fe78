/** `soloist log export`: everything on the log in one file, as it is stored and signed with the key of the log. Personal fields stay sealed. */
import { createPublicKey } from 'node:crypto';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HostError, messageOf } from '../host-error.js';
import type { HostPaths } from '../paths.js';
import { openRunningLog, type VerifiedLog } from './verify-log.js';

/** Writes a new file; what was found wrong on the way is answered. @throws HostError host.not-running · log.file-unusable */
export async function exportLog(paths: HostPaths, file: string): Promise<VerifiedLog> {
  const { logKeyId, openLogKey, writeExport } = await import('@soloist/eventlog/verify');
  const { log } = await openRunningLog(paths);
  try {
    const at = resolve(file);
    const key = await openLogKey(paths.keep);
    const report = await writeExport(at, log.streams, log.pages(), new Date().toISOString(), key).catch((error: unknown) => unusable(file, error));
    return { source: at, signedBy: logKeyId(createPublicKey(key)), ...report };
  } finally {
    await log.close();
  }
}

/** One CloudEvent a line. Answers how many. @throws HostError host.not-running · log.file-unusable */
export async function exportCloudEvents(paths: HostPaths, file: string): Promise<number> {
  const { cloudEventsOf } = await import('@soloist/eventlog/verify');
  const { log } = await openRunningLog(paths);
  try {
    const handle = await open(file, 'wx', 0o600).catch((error: unknown) => unusable(file, error));
    let count = 0;
    try {
      for await (const page of log.pages()) {
        const events = page.flatMap(cloudEventsOf);
        count += events.length;
        await handle.writeFile(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      }
      await handle.sync();
      return count;
    } finally {
      await handle.close();
    }
  } finally {
    await log.close();
  }
}

function unusable(file: string, error: unknown): never {
  if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
  const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
  throw new HostError('log.file-unusable', isThere ? `${file} exists already` : `${file} cannot be written: ${messageOf(error)}`, 'name a file that does not exist yet, in a folder you may write to', { cause: error });
}
