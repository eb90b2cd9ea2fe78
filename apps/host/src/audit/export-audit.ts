/**
 * `soloist audit export`: the log of the host that runs on this folder, read under the replay identity, which can write
 * nothing; signed with the key of the log, which only the host's own user can read.
 */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash, createPublicKey } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { KeyTable } from '@soloist/eventlog';
import { HostError, messageOf } from '../host-error.js';
import { runningInstance } from '../instance.js';
import type { HostPaths } from '../paths.js';
import { AuditReadme } from './audit-readme.js';
import type { AuditSelection } from './audit-selection.js';
import { ProofFile } from './proof-file.js';
import { AUDIT_VERIFIER } from './verify-audit.js';
import type { AuditReport, AuditSource, AuditTarget } from './write-audit.js';

export interface ExportedAudit extends AuditReport {
  /** Folder or file. */
  readonly target: string;
}

export interface AuditRequest {
  readonly selection: AuditSelection;
  /** A new or empty folder; a name that ends in .jsonl: that file alone. */
  readonly out: string;
  /** Whether arguments go in in clear. */
  readonly isOpen: boolean;
}

/** @throws HostError host.not-running · audit.no-such-act · log.file-unusable */
export async function exportAudit(paths: HostPaths, { selection, out, isOpen }: AuditRequest): Promise<ExportedAudit> {
  const exportedAt = new Date().toISOString();
  const { chosenActs, writeAudit } = await import('./write-audit.js');
  const { source, close } = await openSource(paths, isOpen);
  try {
    const found = await chosenActs(source, selection);
    const target = await openTarget(out, source, selection, exportedAt).catch((error: unknown) => unusable(out, error));
    try {
      return { target: resolve(out), ...(await writeAudit(source, selection, found, target, exportedAt)) };
    } finally {
      await target.proof.close();
    }
  } finally {
    await close();
  }
}

/** Answers that everybody was erased, and so opens nothing. */
const NO_KEYS: KeyTable = {
  keyFor: () => Promise.resolve(null),
  existingKey: () => Promise.resolve(null),
  subjectFor: () => Promise.reject(new Error('a log that is read without keys names nobody')),
};

async function openSource(paths: HostPaths, isOpen: boolean): Promise<{ readonly source: AuditSource; close(): Promise<void> }> {
  const instance = await runningInstance(paths);
  if (instance === null || instance.bus === null) throw new HostError('host.not-running', `Soloist does not run on ${paths.folder}, so its log cannot be read`, './soloist up');
  const { connectLog, openKeyTable } = await import('@soloist/eventlog');
  const { openLiveLog, openLogKey, signedHeads } = await import('@soloist/eventlog/verify');
  const { PUBLIC_KEY_FILE } = await import('@soloist/governance');
  const { streams, url: servers } = instance.bus;
  const as = { servers, seedFile: join(paths.keep, 'credentials', 'replay.nk'), streams, service: 'replay' as const, name: 'soloist audit' };
  const opened: { close(): Promise<void> }[] = [];
  const keep = <Connection extends { close(): Promise<void> }>(connection: Connection): Connection => (opened.push(connection), connection);
  const close = async (): Promise<void> => void (await Promise.all(opened.map((connection) => connection.close())));
  try {
    const heads = await signedHeads(paths.keep);
    const key = await openLogKey(paths.keep);
    const authorizationKey = await readFile(join(paths.secrets, PUBLIC_KEY_FILE), 'utf8').catch(() => null);
    const live = keep(await openLiveLog(as));
    const { log } = keep(await connectLog({ ...as, keys: NO_KEYS }));
    const openedLog = isOpen ? keep(await connectLog({ ...as, keys: await openKeyTable(paths.keep) })).log : null;
    return { source: { streams, pages: () => live.pages(), log, openedLog, heads, key, authorizationKey }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws Error of the file system */
export async function openTarget(out: string, { key }: Pick<AuditSource, 'key'>, selection: AuditSelection, exportedAt: string): Promise<AuditTarget> {
  if (out.endsWith('.jsonl')) return { proof: await ProofFile.create(out), readme: null, files: {} };
  await mkdir(out, { recursive: true, mode: 0o700 });
  if ((await readdir(out)).length > 0) throw Object.assign(new Error('the folder is not empty'), { code: 'EEXIST', syscall: 'mkdir' });
  const { logKeyId } = await import('@soloist/eventlog/verify');
  const publicKey = createPublicKey(key);
  await writeFile(join(out, 'log-signing.pub'), publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
  await copyFile(AUDIT_VERIFIER, join(out, 'verify.mjs'));
  const files = { 'verify.mjs': createHash('sha256').update(await readFile(AUDIT_VERIFIER)).digest('hex') };
  const readme = await AuditReadme.create(join(out, 'README.txt'), exportedAt, selection, logKeyId(publicKey));
  return { proof: await ProofFile.create(join(out, 'audit.jsonl')), readme, files };
}

function unusable(out: string, error: unknown): never {
  if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
  const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
  throw new HostError('log.file-unusable', isThere ? `${out} is there already and not an empty folder` : `${out} cannot be written: ${messageOf(error)}`, 'name a new or empty folder, or a new file that ends in .jsonl, where you may write', { cause: error });
}
