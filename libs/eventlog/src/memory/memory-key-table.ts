/** A key table in memory, drawn from a seed, so that the same run seals to the same bytes. For tests and simulation. */
import { createHmac } from 'node:crypto';
import { logFault } from '../errors.js';
import type { KeyTable } from '../event-log.port.js';

export interface MemoryKeyTable extends KeyTable {
  /** Loses the key of a subject for good. */
  erase(dataSubject: string): void;
}

export function createMemoryKeyTable(seed = 'memory'): MemoryKeyTable {
  const made = new Map<string, Uint8Array>();
  const erased = new Set<string>();
  const derive = (purpose: string, text: string): Buffer => createHmac('sha256', seed).update(`${purpose}\n${text}`).digest();
  return {
    async keyFor(dataSubject) {
      if (erased.has(dataSubject)) throw logFault('log.subject-erased', `data subject ${dataSubject}`);
      const key = made.get(dataSubject) ?? derive('key', dataSubject);
      made.set(dataSubject, key);
      return key;
    },
    existingKey: async (dataSubject) => made.get(dataSubject) ?? null,
    subjectFor: async (identity) => derive('subject', identity).toString('hex').slice(0, 32),
    erase(dataSubject) {
      made.delete(dataSubject);
      erased.add(dataSubject);
    },
  };
}
