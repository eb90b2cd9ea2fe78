/**
 * PostgreSQL as a child of the host, or an external one.
 *
 * I1 no process is signalled before it is proven to be postgres running on this folder
 * I2 a database that a killed host left behind is used on when it answers, stopped otherwise
 * I3 it lies in its own process group: Ctrl-C in the terminal reaches the services first and the database last
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readIfThere, writeOnce } from '@soloist/eventlog/durable-file';
import { HostError } from '../host-error.js';
import type { HostPaths } from '../paths.js';
import { claimPort, isFree, type ClaimedPort } from '../ports.js';
import { commandLine, isAlive, signal, untilEnded } from '../processes.js';
import { databaseEnvironment, databasePrograms, DATABASE_ROLE, dropCluster, ensureCluster, lastLines, type DatabasePrograms } from './database-cluster.js';
import { databaseIdentity, type DatabaseIdentity } from './database-identity.js';

export interface Database {
  /** Null: external, not ours to start or stop. */
  readonly pid: number | null;
  readonly version: string;
  /** For people: host and port, without the password. */
  readonly address: string;
  /** With the password; never to be printed. */
  readonly url: string;
  /** True when there were no projections and the services will read the log again. */
  readonly isNew: boolean;
  isRunning(): boolean;
  stop(): Promise<void>;
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const FIRST_PORT = 5433;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 8_000;
const PORT_TRIES = 5;
/**
 * Commits are synced, although everything here could be read again from the log: a running service remembers how far it
 * has projected, and a crash of the database alone must not take that back.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
};

/** @throws HostError host.database-failed with the database's last words */
export async function startDatabase(paths: HostPaths, wantedPort: number | null): Promise<Database> {
  const isNewPassword = await writeOnce(paths.databasePassword, `${randomBytes(24).toString('base64url')}\n`);
  const password = (await readFile(paths.databasePassword, 'utf8')).trim();
  const [programs, identity] = await Promise.all([databasePrograms(), databaseIdentity()]);
  const left = await leftBehind(paths.database);
  if (left !== null && left.isReady && !isNewPassword) return running(left, password, false);
  if (left !== null) await stopPostgres(left.pid, paths.database);
  if (isNewPassword) await dropCluster(paths.database);
  const isNew = await ensureCluster(paths.database, programs, identity, password);
  return running(await launchOnFreePort(paths, programs, identity, wantedPort), password, isNew);

  function running(postmaster: Postmaster, secret: string, isNewCluster: boolean): Database {
    const address = `127.0.0.1:${postmaster.port}`;
    return {
      pid: postmaster.pid,
      version: '18.4',
      address,
      url: `postgresql://${DATABASE_ROLE}:${secret}@${address}/${DATABASE_ROLE}`,
      isNew: isNewCluster,
      isRunning: () => isAlive(postmaster.pid),
      stop: () => stopPostgres(postmaster.pid, paths.database),
    };
  }
}

/** A database of the operator's: where it is reached is all we know of it. */
export function externalDatabase(url: string): Database {
  const at = new URL(url);
  return { pid: null, version: 'external', address: `${at.hostname}:${at.port === '' ? '5432' : at.port}`, url, isNew: false, isRunning: () => true, stop: async () => {} };
}

/** The postgres that runs on this folder, whoever started it. */
export async function leftBehind(folder: string): Promise<Postmaster | null> {
  const postmaster = await readPostmaster(folder);
  return postmaster !== null && (await isPostgres(postmaster.pid, folder)) ? postmaster : null;
}

/** Ends it cleanly; when that takes too long, at once, which costs a recovery at the next start and nothing else. */
export async function stopPostgres(pid: number, folder: string): Promise<void> {
  for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!(await isPostgres(pid, folder))) return;
    signal(pid, name);
    if (await untilEnded(pid, STOP_TIMEOUT_MS)) return;
  }
  throw new HostError('host.database-failed', `PostgreSQL, process ${pid}, does not end`, `look at it with: ps -p ${pid}`);
}

async function isPostgres(pid: number, folder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const words = await commandLine(pid);
  return words.includes('-D') && words.includes(folder);
}

/** Lines of postmaster.pid: pid, folder, start, port, socket, address, memory, state. */
async function readPostmaster(folder: string): Promise<Postmaster | null> {
  const lines = (await readIfThere(join(folder, 'postmaster.pid')))?.split('\n') ?? [];
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return null;
  return { pid, port, isReady: lines[7]?.trim() === 'ready' };
}

async function launchOnFreePort(paths: HostPaths, programs: DatabasePrograms, identity: DatabaseIdentity, wanted: number | null): Promise<Postmaster> {
  let why = '';
  for (let attempt = 0; attempt < PORT_TRIES; attempt += 1) {
    const keeps = wanted !== null && (await isFree(wanted));
    const claimed: ClaimedPort = keeps ? { port: wanted, release: async () => {} } : await claimPort(FIRST_PORT, 'database');
    try {
      const pid = await launch(paths, programs, identity, claimed.port);
      const outcome = await untilReady(paths, pid);
      if (typeof outcome !== 'string') return outcome;
      why = outcome;
      // Between the look and the bind another program may have taken the port: take the next.
      if (!/could not bind|Address already in use/.test(why)) break;
    } finally {
      // From here on the listening socket itself is the claim.
      await claimed.release();
    }
  }
  throw new HostError('host.database-failed', `PostgreSQL did not start: ${why}`, `look at ${paths.databaseLog}; to start over with the projections, delete ${paths.database} and run: ./soloist up`);
}

async function launch(paths: HostPaths, programs: DatabasePrograms, identity: DatabaseIdentity, port: number): Promise<number> {
  // A file, not a pipe: a database that outlives its parent must not die of a closed pipe.
  const log = await open(paths.databaseLog, 'w', 0o600);
  try {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [first = programs.postgres, ...rest] = [...identity.prefix, programs.postgres, '-D', paths.database, '-p', String(port), ...settings];
    const child = spawn(first, rest, { detached: true, stdio: ['ignore', log.fd, log.fd], env: databaseEnvironment() });
    child.on('error', () => undefined); // told by the missing pid
    child.unref();
    if (child.pid === undefined) throw new HostError('host.database-failed', `${first} cannot be run`, 'run npm ci and try again');
    return child.pid;
  } finally {
    await log.close();
  }
}

/** The postmaster when it takes connections, otherwise why it does not. */
async function untilReady(paths: HostPaths, pid: number): Promise<Postmaster | string> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const postmaster = await readPostmaster(paths.database);
    if (postmaster?.pid === pid && postmaster.isReady) return postmaster;
    if (await untilEnded(pid, 0)) return lastLines((await readIfThere(paths.databaseLog)) ?? '') || 'it ended at once';
    await pause(10);
  }
  await stopPostgres(pid, paths.database);
  return `not ready within ${START_TIMEOUT_MS / 1_000} s: ${lastLines((await readIfThere(paths.databaseLog)) ?? '')}`;
}
