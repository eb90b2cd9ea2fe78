/** A key table in memory, drawn from a seed, so that the same run seals to the same bytes. For tests and simulation. */
import { createHmac } from 'node:crypto';
import { keyMissing, requireSubject } from '../broker/key-table-faults.js';
import type { KeyTable } from '../event-log.port.js';

export interface MemoryKeyTable extends KeyTable {
  /** Destroys the key of a subject for good; false when it had none. */
  erase(dataSubject: string): boolean;
  /** Loses the key of a subject by accident, as a keep may; what is answered gives it back, as a backup does. */
  lose(dataSubject: string): () => void;
}

export function createMemoryKeyTable(seed = 'memory'): MemoryKeyTable {
  const made = new Map<string, Uint8Array>();
  const issued = new Set<string>();
  const erased = new Set<string>();
  const derive = (purpose: string, text: string): Buffer => createHmac('sha256', seed).update(`${purpose}\n${text}`).digest();
  const subjects = new Map<string, string>();
  const subjectOf = (identity: string): string => {
    const known = subjects.get(identity);
    if (known !== undefined && !erased.has(known)) return known;
    const subject = derivedSubject(identity);
    subjects.set(identity, subject);
    return subject;
  };
  const derivedSubject = (identity: string): string => {
    const normal = identity.trim().toLowerCase();
    for (let life = 0; ; life += 1) {
      const id = derive('subject', life === 0 ? normal : `${normal}\0${life}`).toString('hex').slice(0, 32);
      if (!erased.has(id)) return id;
    }
  };
  return {
    async keyFor(dataSubject) {
      if (erased.has(requireSubject(dataSubject))) return null;
      const known = made.get(dataSubject);
      if (known === undefined && issued.has(dataSubject)) throw keyMissing(dataSubject);
      const key = known ?? derive('key', dataSubject);
      made.set(dataSubject, key);
      issued.add(dataSubject);
      return key;
    },
    async existingKey(dataSubject) {
      if (erased.has(requireSubject(dataSubject))) return null;
      const key = made.get(dataSubject);
      issued.add(dataSubject);
      if (key === undefined) throw keyMissing(dataSubject);
      return key;
    },
    subjectFor: async (identity) => subjectOf(identity),
    erase(dataSubject) {
      erased.add(requireSubject(dataSubject));
      return made.delete(dataSubject);
    },
    lose(dataSubject) {
      const key = made.get(dataSubject);
      made.delete(dataSubject);
      return () => void (key !== undefined && made.set(dataSubject, key));
    },
  };
}
