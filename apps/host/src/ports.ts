/**
 * Loopback ports. Two hosts that start together look for free ports at the same moment, so a port is claimed in a
 * folder that all hosts of this user share before it is handed out.
 */
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { readIfThere, writeOnce } from '@soloist/eventlog/durable-file';
import { HostError } from './host-error.js';
import { isAlive } from './processes.js';

const HOST = '127.0.0.1';
const RANGE = 200;

export interface ClaimedPort {
  readonly port: number;
  release(): Promise<void>;
}

/** The first port from `from` on that is free and unclaimed. @throws HostError when none of the next 200 is */
export async function claimPort(from: number, purpose: string): Promise<ClaimedPort> {
  for (let port = from; port < from + RANGE && port < 65_536; port += 1) {
    const claimed = await tryClaim(port);
    if (claimed !== null) return claimed;
  }
  throw new HostError('host.port-taken', `no port is free between ${from} and ${from + RANGE - 1} for the ${purpose}`, 'stop what listens there, then run: ./soloist up');
}

/** Exactly this port. @throws HostError naming it when it is taken */
export async function claimPinned(port: number, purpose: string, next: string): Promise<ClaimedPort> {
  const claimed = await tryClaim(port);
  if (claimed !== null) return claimed;
  throw new HostError('host.port-taken', `port ${port}, asked for the ${purpose}, is taken by another program`, next);
}

/** Claims of this process; one with our pid that is not here was left by an earlier process with the same number. */
const own = new Set<number>();

async function tryClaim(port: number): Promise<ClaimedPort | null> {
  if (own.has(port)) return null;
  // Before anything is awaited: another claim of this process would take our file for one left by its own number.
  own.add(port);
  const file = await claimFile(port).catch((error: unknown) => {
    own.delete(port);
    throw error;
  });
  if (file === null) {
    own.delete(port);
    return null;
  }
  const release = async (): Promise<void> => {
    own.delete(port);
    await rm(file, { force: true });
  };
  if (await isFree(port)) return { port, release };
  await release();
  return null;
}

async function claimFile(port: number): Promise<string | null> {
  const folder = join(tmpdir(), `soloist-ports-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, String(port));
  const owner = Number(await readIfThere(file));
  if (owner > 0 && (owner === process.pid || !isAlive(owner))) await rm(file, { force: true });
  return (await writeOnce(file, String(process.pid))) ? file : null;
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => answer(true)));
  });
}
