/** Where a nats-server binary is looked for: the one named in the environment, then the cache that ./soloist fills. */
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';
import { PREFERRED_BROKER } from './version.js';

/** @throws Fault invalid with the next step when there is none */
export async function findBrokerBinary(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = environment['SOLOIST_NATS_BIN'];
  if (named !== undefined && named !== '') return named;
  const cache = join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'soloist', `nats-server-${PREFERRED_BROKER}`);
  const files = await readdir(cache, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    if (file.name === 'nats-server' && file.isFile() && ((await stat(path)).mode & 0o100) !== 0) return path;
  }
  throw new Fault('invalid', 'broker-binary-missing', `nats-server ${PREFERRED_BROKER} was not found. Run ./soloist once, which fetches it, or set SOLOIST_NATS_BIN to the binary.`);
}
