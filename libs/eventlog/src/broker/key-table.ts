/**
 * The keep's table of data-subject keys, one file each, wrapped by the company key. Losing a file is how a subject is
 * forgotten; it is the only copy apart from backups of the keep.
 *
 * I1 a key is made once for all processes: a second maker reads the first one's key
 * I2 a subject whose key was ever sealed with, or asked for to open something, never gets another one: before a key is
 *    first given out to seal with, the subject is marked as issued. Mark without key and tombstone: lost, so held
 * I3 an erased subject never gets a key again; the same identity continues as a new subject. The tombstone says so, not
 *    the absence of a key: a keep that is not mounted, or was restored from an older backup, erases nobody
 * I4 keys stand in no error, log or name; a subject's id tells nothing about the identity behind it
 * I5 what the system answers about the keep's files is a Fault transient, never a defect
 */
import { createHmac, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';
import type { KeyTable } from '../event-log.port.js';
import { syncFolder, writeOnce } from '../durable-file.js';
import { exists, KEY_BYTES, openCompanyKey, unwrap, wrap, WRAPPED_BYTES, type CompanyKey } from './key-table-company-key.js';
import { inKeep, keepUnreadable, keyMissing, orNull, requireSubject } from './key-table-faults.js';

const CACHE_SIZE = 512;
const THROWS_NOT = { throwIfNoEntry: false } as const;
/** 104 bits of the keyed hash, in lower-case hex. */
const SUBJECT_DIGITS = 26;

export interface ErasableKeyTable extends KeyTable {
  /** Destroys the subject's key for good; false when it had none. Backups of the keep must follow. */
  erase(dataSubject: string): Promise<boolean>;
}

interface CachedKey {
  readonly key: Uint8Array;
  readonly inode: number;
  readonly file: string;
  readonly tombstone: string;
  isMarked: boolean;
}

/** @throws Fault unauthorized: company key exposed, missing or wrong · invalid: damaged · transient: keep not readable */
export function openKeyTable(keepFolder: string): Promise<ErasableKeyTable> {
  return inKeep(async () => {
    const subjects = join(keepFolder, 'subjects');
    await mkdir(subjects, { recursive: true, mode: 0o700 });
    const table = new FileKeyTable(subjects, await openCompanyKey(keepFolder, subjects));
    await table.finishErasures();
    return table;
  });
}

class FileKeyTable implements ErasableKeyTable {
  readonly #cache = new Map<string, CachedKey>();
  readonly #folder: string;
  readonly #company: CompanyKey;

  constructor(folder: string, company: CompanyKey) {
    this.#folder = folder;
    this.#company = company;
  }

  keyFor(dataSubject: string): Promise<Uint8Array | null> {
    const key = this.#keyAtHand(dataSubject);
    return key === null ? inKeep(() => this.#keyToSeal(dataSubject)) : Promise.resolve(key);
  }

  existingKey(dataSubject: string): Promise<Uint8Array | null> {
    return inKeep(async () => {
      const found = await this.#look(dataSubject);
      if (found === 'erased') return null;
      if (found !== null) return found.key;
      await this.#requireSameKeep();
      // Something is sealed for it, so it had a key. A keep that takes no mark now changes nothing about this answer.
      await writeOnce(this.#mark(dataSubject), '').catch(() => false);
      throw keyMissing(dataSubject);
    });
  }

  subjectFor(identity: string): Promise<string> {
    return inKeep(async () => {
      const normal = identity.trim().toLowerCase();
      for (let life = 0; ; life += 1) {
        const text = life === 0 ? normal : `${normal}\0${life}`;
        const id = createHmac('sha256', this.#company.subjectKey).update(text).digest('hex').slice(0, SUBJECT_DIGITS);
        if (!(await exists(this.#tombstone(id)))) return id;
      }
    });
  }

  erase(dataSubject: string): Promise<boolean> {
    return inKeep(async () => {
      // First the tombstone: from here on nobody makes a new key under the old id.
      await writeOnce(this.#tombstone(dataSubject), '');
      return this.#destroy(dataSubject);
    });
  }

  /** An erasure that was cut short has its tombstone; what was left of it goes now. */
  async finishErasures(): Promise<void> {
    const names = new Set(await readdir(this.#folder));
    for (const name of names) {
      const subject = name.slice(0, -'.erased'.length);
      if (name.endsWith('.erased') && names.has(`${subject}.key`)) await this.#destroy(subject);
    }
  }

  /** The common case of each seal, without waiting. Null: ask in the way that says why. */
  #keyAtHand(dataSubject: string): Uint8Array | null {
    const cached = this.#cache.get(dataSubject);
    if (cached === undefined || !cached.isMarked) return null;
    try {
      const isThere = statSync(cached.file, THROWS_NOT)?.ino === cached.inode && statSync(cached.tombstone, THROWS_NOT) === undefined;
      return isThere ? cached.key : null;
    } catch {
      // The keep does not answer; `#look` meets the same and tells.
      return null;
    }
  }

  async #keyToSeal(dataSubject: string): Promise<Uint8Array | null> {
    let found = await this.#look(dataSubject);
    if (found === null) {
      await this.#requireSameKeep();
      const isIssued = await exists(this.#mark(dataSubject));
      // Another process may have made the key and marked it since the first look.
      found = await this.#look(dataSubject);
      if (found === null && isIssued) throw keyMissing(dataSubject);
    }
    if (found === 'erased') return null;
    if (found !== null) {
      await this.#ensureMarked(dataSubject, found);
      return found.key;
    }
    await writeOnce(this.#file(dataSubject), wrap(this.#company.wrapKey, dataSubject, randomBytes(KEY_BYTES)));
    // An erasure may have come between the look and the write: the tombstone wins.
    if (await exists(this.#tombstone(dataSubject))) await this.#destroy(dataSubject);
    return this.#keyToSeal(dataSubject);
  }

  /** Looking at the files each time is what makes an erasure hold in every process at once. */
  async #look(dataSubject: string): Promise<CachedKey | 'erased' | null> {
    // Two look-ups of names the system has at hand: a hop to another thread would cost many times that, for each seal.
    const file = statSync(this.#file(dataSubject), THROWS_NOT) ?? null;
    const tombstone = statSync(this.#tombstone(dataSubject), THROWS_NOT) !== undefined;
    if (tombstone || file === null) this.#cache.delete(dataSubject);
    if (tombstone) return 'erased';
    if (file === null) return null;
    const cached = this.#cache.get(dataSubject);
    if (cached?.inode === file.ino) return cached;
    const content = await readFile(this.#file(dataSubject)).catch(orNull);
    const key = content === null ? null : unwrap(this.#company.wrapKey, dataSubject, content);
    if (key !== null) return this.#remember(dataSubject, { key, inode: file.ino, file: this.#file(dataSubject), tombstone: this.#tombstone(dataSubject), isMarked: false });
    if (await exists(this.#tombstone(dataSubject))) return 'erased';
    if (content === null) return null;
    throw new Fault('transient', 'subject-key-damaged', `The key file of data subject ${dataSubject} is damaged. Restore it from a backup of the keep.`);
  }

  async #ensureMarked(dataSubject: string, cached: CachedKey): Promise<void> {
    if (cached.isMarked) return;
    if (!(await exists(this.#mark(dataSubject)))) await writeOnce(this.#mark(dataSubject), '');
    cached.isMarked = true;
  }

  /** Where the keep's volume is gone, an empty folder may lie in its place: there, nothing is absent, and nothing is made. */
  async #requireSameKeep(): Promise<void> {
    const sentinel = await readFile(this.#company.sentinelFile).catch(orNull);
    if (sentinel === null || !sentinel.equals(this.#company.sentinel)) throw keepUnreadable('another keep, or none, lies in the place of the one that was opened');
  }

  async #destroy(dataSubject: string): Promise<boolean> {
    this.#cache.delete(dataSubject);
    const file = this.#file(dataSubject);
    await unlink(this.#mark(dataSubject)).catch(orNull);
    if (!(await exists(file))) return false;
    const handle = await open(file, 'r+');
    try {
      await handle.write(new Uint8Array(WRAPPED_BYTES), 0, WRAPPED_BYTES, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await unlink(file).catch(orNull);
    await syncFolder(this.#folder);
    return true;
  }

  #remember(dataSubject: string, cached: CachedKey): CachedKey {
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= CACHE_SIZE && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(dataSubject, cached);
    return cached;
  }

  #file(dataSubject: string): string {
    return join(this.#folder, `${requireSubject(dataSubject)}.key`);
  }

  #tombstone(dataSubject: string): string {
    return join(this.#folder, `${requireSubject(dataSubject)}.erased`);
  }

  #mark(dataSubject: string): string {
    return join(this.#folder, `${requireSubject(dataSubject)}.issued`);
  }
}
