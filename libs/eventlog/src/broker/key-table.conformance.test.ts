import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyTableConformance } from '../conformance/key-table.js';
import { createMemoryKeyTable } from '../memory/memory-key-table.js';
import { openKeyTable } from './key-table.js';

keyTableConformance('the key table of the keep', async () => {
  const keep = await mkdtemp(join(tmpdir(), 'soloist-keep-'));
  return {
    table: await openKeyTable(keep),
    lose: (dataSubject) => rm(join(keep, 'subjects', `${dataSubject}.key`)),
    close: () => rm(keep, { recursive: true, force: true }),
  };
});

keyTableConformance('the key table in memory', async () => {
  const table = createMemoryKeyTable();
  return { table, lose: async (dataSubject) => void table.lose(dataSubject), close: async () => {} };
});
