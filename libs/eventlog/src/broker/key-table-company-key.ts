/**
 * The company key: wraps the keys of all data subjects. Made with the keep and never again.
 *
 * I1 where sealed keys exist and it is missing or wrong, refuse
 * I2 the sentinel, sealed with it, tells at any time whether this is still the keep that was opened
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';
import { writeOnce } from '../durable-file.js';
import { orNull } from './key-table-faults.js';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const SENTINEL = 'soloist company key';

export interface CompanyKey {
  readonly wrapKey: Uint8Array;
  readonly subjectKey: Uint8Array;
  readonly sentinelFile: string;
  /** The sentinel's bytes when the keep was opened: no other keep has them. */
  readonly sentinel: Uint8Array;
}

/** @throws Fault unauthorized: exposed, missing or wrong · invalid: damaged */
export async function openCompanyKey(keepFolder: string, subjects: string): Promise<CompanyKey> {
  const keyFile = join(keepFolder, 'company.key');
  const sentinelFile = join(keepFolder, 'company.sentinel');
  if (!(await exists(keyFile))) {
    const isNew = !(await exists(sentinelFile)) && (await readdir(subjects)).length === 0;
    if (!isNew) throw new Fault('unauthorized', 'company-key-missing', `${keyFile} is missing, but the keep holds keys sealed with it. Restore it from a backup; a new one could open nothing.`);
    await writeOnce(keyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  }
  const key = await readCompanyKey(keyFile);
  const sentinelKey = derive(key, 'sentinel');
  if (!(await exists(sentinelFile))) await makeSentinel(sentinelFile, sentinelKey, subjects, key);
  const sentinel = await readFile(sentinelFile);
  if (unwrap(sentinelKey, SENTINEL, sentinel) === null) throw wrongCompanyKey(keyFile);
  return { wrapKey: derive(key, 'wrap'), subjectKey: derive(key, 'subject'), sentinelFile, sentinel };
}

async function readCompanyKey(keyFile: string): Promise<Uint8Array> {
  const mode = (await stat(keyFile)).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Fault('unauthorized', 'company-key-exposed', `${keyFile} has mode ${mode.toString(8)}, so other users may have read it. Run: chmod 600 ${keyFile}`);
  }
  const content = (await readFile(keyFile, 'utf8')).trim();
  if (/^[0-9a-f]{64}$/.test(content)) return Buffer.from(content, 'hex');
  throw new Fault('invalid', 'company-key-damaged', `${keyFile} does not hold a key (64 hex digits). Restore it from a backup of the keep.`);
}

/** A keep without sentinel is new, or its making was interrupted: what is sealed already must open. */
async function makeSentinel(file: string, sentinelKey: Uint8Array, subjects: string, companyKey: Uint8Array): Promise<void> {
  const sealed = (await readdir(subjects)).find((name) => name.endsWith('.key'));
  if (sealed !== undefined) {
    const opened = unwrap(derive(companyKey, 'wrap'), sealed.slice(0, -'.key'.length), await readFile(join(subjects, sealed)));
    if (opened === null) throw wrongCompanyKey(join(subjects, '..', 'company.key'));
  }
  await writeOnce(file, wrap(sentinelKey, SENTINEL, randomBytes(KEY_BYTES)));
}

function wrongCompanyKey(keyFile: string): Fault {
  return new Fault('unauthorized', 'company-key-wrong', `${keyFile} is not the key this keep was made with. Restore the right one from a backup of the keep; nothing was changed.`);
}

function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `soloist/${purpose}`, KEY_BYTES));
}

/** The name is bound in, so that files cannot be exchanged. */
export function wrap(wrapKey: Uint8Array, name: string, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrapKey, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** Null when the bytes were not wrapped under this name and key. */
export function unwrap(wrapKey: Uint8Array, name: string, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length !== WRAPPED_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', wrapKey, wrapped.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(name))
    .setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES)), decipher.final()]));
  } catch {
    return null;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(orNull)) !== null;
}
