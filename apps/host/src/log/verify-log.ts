/**
 * `soloist log verify`: the log of the host that runs on this folder, read under the replay identity, held against itself
 * and against what the keep remembers; or an export file, held against itself.
 *
 * I1 only a log that was found whole moves what the keep remembers as verified
 */
import type { KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LiveLog, LogCheckReport } from '@soloist/eventlog/verify';
import { HostError, messageOf } from '../host-error.js';
import { runningInstance } from '../instance.js';
import type { HostPaths } from '../paths.js';

export interface VerifiedLog extends LogCheckReport {
  /** What was looked at, for people. */
  readonly source: string;
  /** The key that signed an export, when it was held against one. */
  readonly signedBy?: string | null;
}

/** @throws HostError host.not-running */
export async function verifyLog(paths: HostPaths): Promise<VerifiedLog> {
  const { openKeyTable } = await import('@soloist/eventlog/broker');
  const { recordedHeads, recordVerified } = await import('@soloist/eventlog/verify');
  const heads = await recordedHeads(paths.keep);
  const keys = await openKeyTable(paths.keep);
  const { log, source } = await openRunningLog(paths);
  try {
    const report = await log.check(keys, heads);
    if (report.isWhole) await recordVerified(paths.keep, report);
    return { source, ...report };
  } finally {
    await log.close();
  }
}

/** What an export is held against. */
export interface FileProofs {
  /** A keep whose recorded heads the file must meet. */
  readonly keepFolder: string | null;
  /** The public key of the log (keep/log-signing.pub): the file must be signed with it. */
  readonly keyFile: string | null;
}

/** @throws HostError log.file-unusable · Fault log.no-export */
export async function verifyLogFile(file: string, { keepFolder, keyFile }: FileProofs): Promise<VerifiedLog> {
  if (!(await stat(file).then((found) => found.isFile(), () => false))) {
    throw new HostError('log.file-unusable', `${file} is no file that can be read`, 'name a file that was written by: ./soloist log export FILE', { exitCode: 3 });
  }
  const { checkExport, recordedHeads } = await import('@soloist/eventlog/verify');
  const proofs = {
    ...(keepFolder === null ? {} : { remembered: await recordedHeads(keepFolder) }),
    ...(keyFile === null ? {} : { publicKey: await publicKeyIn(keyFile) }),
  };
  return { source: file, ...(await checkExport(file, proofs)) };
}

async function publicKeyIn(file: string): Promise<KeyObject> {
  const { readLogKey } = await import('@soloist/eventlog/verify');
  try {
    return readLogKey(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new HostError('log.file-unusable', `${file} is no Ed25519 public key in PEM: ${messageOf(cause)}`, 'name the file log-signing.pub from the keep of the installation', { exitCode: 3, cause });
  }
}

export async function openRunningLog(paths: HostPaths): Promise<{ readonly log: LiveLog; readonly source: string }> {
  const instance = await runningInstance(paths);
  if (instance === null || instance.bus === null) throw new HostError('host.not-running', `Soloist does not run on ${paths.folder}, so its log cannot be read`, './soloist up');
  const { openLiveLog } = await import('@soloist/eventlog/verify');
  const { streams, url } = instance.bus;
  const log = await openLiveLog({ servers: url, seedFile: join(paths.keep, 'credentials', 'replay.nk'), streams, name: 'soloist log' });
  return { log, source: `the log at ${new URL(url).host}` };
}
