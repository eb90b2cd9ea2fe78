/**
 * What a host that was killed leaves: its service processes end by themselves when the channel to it closes, its broker
 * and its database live on. Bus and database find their own leftovers; here are the services'.
 */
import { join } from 'node:path';
import { HostError } from './host-error.js';
import { recordedInstance, type Instance } from './instance.js';
import { leftBehind, stopPostgres } from './parts/database.js';
import type { HostPaths } from './paths.js';
import { commandLine, isAlive, signal, untilEnded } from './processes.js';

const PATIENCE_MS = 12_000;

/** Two services of one name would share deliveries and ports, so the old ones must be gone first. @throws HostError */
export async function awaitLeftServices(paths: HostPaths): Promise<void> {
  const left = await recordedInstance(paths);
  if (left === null || left.mode === 'single') return;
  await Promise.all(left.services.map(async ({ name, pid }) => {
    if (!(await isService(pid, name))) return;
    if (await untilEnded(pid, PATIENCE_MS)) return;
    if (await isService(pid, name)) signal(pid, 'SIGKILL');
    if (!(await untilEnded(pid, 2_000))) {
      throw new HostError('host.already-running', `${name} of an earlier start still runs as process ${pid} and does not end`, `look at it with: ps -p ${pid}`);
    }
  }));
}

export async function isService(pid: number, name: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const words = await commandLine(pid);
  return words.includes(name) && words.some((word) => /[\\/]service\.main\.[jt]s$/.test(word));
}

/** Stops broker and database of a dead host. Answers what was stopped, for people. */
export async function stopLeftParts(paths: HostPaths): Promise<readonly string[]> {
  await awaitLeftServices(paths);
  const stopped: string[] = [];
  const left = await recordedInstance(paths);
  if (left !== null && (await stopBroker(left, paths))) stopped.push('bus');
  const postmaster = await leftBehind(paths.database);
  if (postmaster !== null) {
    await stopPostgres(postmaster.pid, paths.database);
    stopped.push('database');
  }
  return stopped;
}

async function stopBroker(left: Instance, paths: HostPaths): Promise<boolean> {
  const pid = left.bus?.pid ?? null;
  if (pid === null || !isAlive(pid)) return false;
  // The pid may have been given to another program since: its command line must name our configuration.
  if (!(await commandLine(pid)).some((word) => word.startsWith(paths.bus))) return false;
  const { cannotWrite, forgetStates, healthOf } = await import('@soloist/eventlog/broker');
  const isFrozen = left.bus !== null && cannotWrite(await healthOf(left.bus.healthUrl));
  signal(pid, isFrozen ? 'SIGKILL' : 'SIGTERM');
  if (!(await untilEnded(pid, PATIENCE_MS))) signal(pid, 'SIGKILL');
  if (isFrozen && (await untilEnded(pid, PATIENCE_MS))) await forgetStates(join(paths.bus, 'js'));
  return true;
}
