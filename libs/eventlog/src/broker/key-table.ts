/**
 * The keep's table of data-subject keys, one file each, wrapped by the company key. Losing a file is how a subject is
 * forgotten; it is the only copy apart from backups of the keep.
 *
 * I1 a key is made once for all processes: a second maker reads the first one's key
 * I2 the company key is made with the keep and never again: where sealed keys exist and it is missing or wrong, refuse
 * I3 an erased subject never gets a key again; the same identity continues as a new subject
 * I4 keys stand in no error, log or name; a subject's id tells nothing about the identity behind it
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSubject } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { KeyTable } from '../event-log.port.js';
import { syncFolder, writeOnce } from './durable-file.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CACHE_SIZE = 512;
const SENTINEL = 'soloist company key';
/** 104 bits of the keyed hash, in lower-case hex. */
const SUBJECT_DIGITS = 26;

export interface ErasableKeyTable extends KeyTable {
  /** Destroys the subject's key for good; false when it had none. Backups of the keep must follow. */
  erase(dataSubject: string): Promise<boolean>;
}

interface CachedKey {
  readonly key: Uint8Array;
  readonly inode: number;
}

/** @throws Fault unauthorized: company key exposed, missing or wrong · invalid: damaged */
export async function openKeyTable(keepFolder: string): Promise<ErasableKeyTable> {
  const subjects = join(keepFolder, 'subjects');
  await mkdir(subjects, { recursive: true, mode: 0o700 });
  const companyKey = await openCompanyKey(keepFolder, subjects);
  return new FileKeyTable(subjects, derive(companyKey, 'wrap'), derive(companyKey, 'subject'));
}

class FileKeyTable implements ErasableKeyTable {
  readonly #cache = new Map<string, CachedKey>();
  readonly #folder: string;
  readonly #wrapKey: Uint8Array;
  readonly #subjectKey: Uint8Array;

  constructor(folder: string, wrapKey: Uint8Array, subjectKey: Uint8Array) {
    this.#folder = folder;
    this.#wrapKey = wrapKey;
    this.#subjectKey = subjectKey;
  }

  async keyFor(dataSubject: string): Promise<Uint8Array> {
    const existing = await this.existingKey(dataSubject);
    if (existing !== null) return existing;
    if (await exists(this.#tombstone(dataSubject))) {
      throw new Fault('invalid', 'subject-erased', `Data subject ${dataSubject} was erased; nothing can be sealed for it. Ask subjectFor for the identity's present id.`);
    }
    await writeOnce(this.#file(dataSubject), seal(this.#wrapKey, dataSubject, randomBytes(KEY_BYTES)));
    // An erasure may have come between the look and the write: the tombstone wins.
    if (await exists(this.#tombstone(dataSubject))) await this.erase(dataSubject);
    return (await this.existingKey(dataSubject)) ?? this.keyFor(dataSubject);
  }

  async existingKey(dataSubject: string): Promise<Uint8Array | null> {
    const file = this.#file(dataSubject);
    // Looking at the file each time is what makes an erasure hold in every process at once.
    const found = await stat(file).catch(orNull);
    if (found === null) {
      this.#cache.delete(dataSubject);
      return null;
    }
    const cached = this.#cache.get(dataSubject);
    if (cached?.inode === found.ino) return cached.key;
    const content = await readFile(file).catch(orNull);
    if (content === null) return null;
    const key = unseal(this.#wrapKey, dataSubject, content);
    if (key === null && (await exists(this.#tombstone(dataSubject)))) return null;
    if (key === null) throw new Fault('invalid', 'subject-key-damaged', `The key file of data subject ${dataSubject} is damaged. Restore it from a backup of the keep.`);
    this.#remember(dataSubject, { key, inode: found.ino });
    return key;
  }

  async subjectFor(identity: string): Promise<string> {
    const normal = identity.trim().toLowerCase();
    for (let life = 0; ; life += 1) {
      const text = life === 0 ? normal : `${normal}\0${life}`;
      const id = createHmac('sha256', this.#subjectKey).update(text).digest('hex').slice(0, SUBJECT_DIGITS);
      if (!(await exists(this.#tombstone(id)))) return id;
    }
  }

  async erase(dataSubject: string): Promise<boolean> {
    const file = this.#file(dataSubject);
    // First the tombstone: from here on nobody makes a new key under the old id.
    await writeOnce(this.#tombstone(dataSubject), '');
    this.#cache.delete(dataSubject);
    if (!(await exists(file))) return false;
    const handle = await open(file, 'r+');
    try {
      await handle.write(new Uint8Array(NONCE_BYTES + KEY_BYTES + TAG_BYTES), 0, NONCE_BYTES + KEY_BYTES + TAG_BYTES, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await unlink(file);
    await syncFolder(this.#folder);
    return true;
  }

  #remember(dataSubject: string, cached: CachedKey): void {
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= CACHE_SIZE && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(dataSubject, cached);
  }

  #file(dataSubject: string): string {
    return join(this.#folder, `${requireSubject(dataSubject)}.key`);
  }

  #tombstone(dataSubject: string): string {
    return join(this.#folder, `${requireSubject(dataSubject)}.erased`);
  }
}

async function openCompanyKey(keepFolder: string, subjects: string): Promise<Uint8Array> {
  const keyFile = join(keepFolder, 'company.key');
  const sentinelFile = join(keepFolder, 'company.sentinel');
  if (!(await exists(keyFile))) {
    const isNew = !(await exists(sentinelFile)) && (await readdir(subjects)).length === 0;
    if (!isNew) throw new Fault('unauthorized', 'company-key-missing', `${keyFile} is missing, but the keep holds keys sealed with it. Restore it from a backup; a new one could open nothing.`);
    await writeOnce(keyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  }
  const key = await readCompanyKey(keyFile);
  const wrapKey = derive(key, 'sentinel');
  if (!(await exists(sentinelFile))) await makeSentinel(sentinelFile, wrapKey, subjects, key);
  if (unseal(wrapKey, SENTINEL, await readFile(sentinelFile)) === null) throw wrongCompanyKey(keyFile);
  return key;
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
    const opened = unseal(derive(companyKey, 'wrap'), sealed.slice(0, -'.key'.length), await readFile(join(subjects, sealed)));
    if (opened === null) throw wrongCompanyKey(join(subjects, '..', 'company.key'));
  }
  await writeOnce(file, seal(sentinelKey, SENTINEL, randomBytes(KEY_BYTES)));
}

function wrongCompanyKey(keyFile: string): Fault {
  return new Fault('unauthorized', 'company-key-wrong', `${keyFile} is not the key this keep was made with. Restore the right one from a backup of the keep; nothing was changed.`);
}

function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `soloist/${purpose}`, KEY_BYTES));
}

/** The name is bound in, so that files cannot be exchanged. */
function seal(wrapKey: Uint8Array, name: string, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrapKey, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

function unseal(wrapKey: Uint8Array, name: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', wrapKey, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(NONCE_BYTES + KEY_BYTES));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES)), decipher.final()]));
  } catch {
    return null;
  }
}

function requireSubject(dataSubject: string): string {
  if (DataSubject.safeParse(dataSubject).success) return dataSubject;
  throw new Fault('invalid', 'subject-invalid', 'A data subject is 1 to 64 lower-case letters, digits or -.');
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(orNull)) !== null;
}

function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
