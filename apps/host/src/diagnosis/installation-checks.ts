/** Checks of what lies on the disk and in the environment. They need nothing that runs. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '@soloist/eventlog/durable-file';
import { isLockLeft, lockHolder } from '../folder-lock.js';
import { messageOf } from '../host-error.js';
import { databasePrograms } from '../parts/database-cluster.js';
import { isFree } from '../ports.js';
import { failed, ok, skipped, type Opinion, type Patient } from './check.js';

const NODE_FROM = [24, 15] as const;
const NODE_BELOW = 27;

export async function checkNode(): Promise<Opinion> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isGood = (major > NODE_FROM[0] || (major === NODE_FROM[0] && minor >= NODE_FROM[1])) && major < NODE_BELOW;
  return isGood ? ok(`node ${process.versions.node}`) : failed(`node ${process.versions.node}, but ${NODE_FROM.join('.')} or later and below ${NODE_BELOW} is needed`, 'start through ./soloist, which brings its own');
}

export async function checkBroker({ environment }: Patient): Promise<Opinion> {
  if ((environment['SOLOIST_NATS_URL'] ?? '') !== '') return ok('an external broker is configured; its version is checked at each start');
  const { findBrokerBinary, versionOfBinary } = await import('@soloist/eventlog');
  try {
    const binary = await findBrokerBinary({ ...environment });
    return ok(`nats-server ${await versionOfBinary(binary)} at ${binary}`);
  } catch (error) {
    return failed(messageOf(error), 'run ./soloist up, which fetches it, or set SOLOIST_NATS_BIN');
  }
}

export async function checkDatabasePrograms({ environment }: Patient): Promise<Opinion> {
  if ((environment['SOLOIST_POSTGRES_URL'] ?? '') !== '') return ok('an external database is configured');
  try {
    const { postgres } = await databasePrograms();
    await stat(postgres);
    return ok(`embedded PostgreSQL at ${postgres}`);
  } catch (error) {
    return failed(messageOf(error), 'npm ci');
  }
}

/** Folders that hold secrets or the log are for their owner alone. */
export async function checkFolder({ paths }: Patient): Promise<Opinion> {
  if ((await stat(paths.folder).catch(() => null)) === null) return skipped(`${paths.folder} is not there yet`);
  for (const folder of [paths.folder, paths.keep, paths.secrets, paths.run]) {
    const found = await stat(folder).catch(() => null);
    if (found !== null && (found.mode & 0o077) !== 0) return failed(`${folder} has mode ${octal(found.mode)}, so others may look into it`, `chmod 700 ${folder}`);
  }
  const open = await openFile(paths.secrets);
  return open === null ? ok(`${paths.folder}, closed to others`) : failed(`${open.file} has mode ${octal(open.mode)}, so others may read it`, `chmod 600 ${open.file}`);
}

export async function checkLock({ paths, instance }: Patient): Promise<Opinion> {
  const holder = await lockHolder(paths.lock);
  if (holder !== null) return ok(`held by process ${holder.pid}${instance === null ? ', which is starting' : ''}`);
  return (await isLockLeft(paths.lock)) ? ok('left by a host that was killed; the next start takes it over') : ok('free');
}

export async function checkPorts({ instance }: Patient): Promise<Opinion> {
  if (instance !== null) return ok(`API ${instance.api ?? '-'}, mail intake ${instance.smtp === null ? '-' : `${instance.smtp.host}:${instance.smtp.port}`}`);
  const wanted = [4222, 5433, 7420, 2525];
  const taken = (await Promise.all(wanted.map(async (port) => ((await isFree(port)) ? [] : [port])))).flat();
  return ok(taken.length === 0 ? `free: ${wanted.join(' ')}` : `taken by other programs: ${taken.join(' ')}; the next free ones will be used`);
}

export async function checkKeys({ paths }: Patient): Promise<Opinion> {
  if ((await readIfThere(join(paths.keep, 'company.key'))) === null && (await stat(join(paths.keep, 'subjects')).catch(() => null)) === null) return skipped('no keys yet');
  try {
    const { BROKER_USERS, openKeyTable, readSeed } = await import('@soloist/eventlog');
    await openKeyTable(paths.keep);
    for (const user of BROKER_USERS) await readSeed(join(paths.keep, 'credentials', `${user}.nk`));
    return ok('the company key opens its table; every identity has its seed');
  } catch (error) {
    return failed(messageOf(error), `restore ${paths.keep} from its backup`);
  }
}

async function openFile(folder: string): Promise<{ file: string; mode: number } | null> {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = join(folder, name);
    const { mode } = await stat(file);
    // A public key may be read by all.
    if ((mode & 0o077) !== 0 && !name.endsWith('.pub')) return { file, mode };
  }
  return null;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0');
}
