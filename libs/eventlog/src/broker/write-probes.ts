/**
 * What a broker leaves behind that is killed while it starts.
 *
 * nats-server proves that it can write to its store with an empty file `_test_<number>` beside the folders of the accounts,
 * and takes it away at once. Killed in between it leaves the file, and the next start takes every name there for an account:
 * its health check says "JetStream account '_test_…' could not be resolved" for ever.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const WRITE_PROBE = /^_test_\d+$/;

/** Only files: an account of such a name is a folder. @param storeFolder JetStream's own, of a broker that is not running */
export async function removeWriteProbes(storeFolder: string): Promise<void> {
  const accounts = join(storeFolder, 'jetstream');
  const entries = await readdir(accounts, { withFileTypes: true }).catch((error: unknown) => {
    // No store yet; and what is no folder the broker refuses in its own words.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  });
  for (const entry of entries) if (entry.isFile() && WRITE_PROBE.test(entry.name)) await rm(join(accounts, entry.name), { force: true });
}
