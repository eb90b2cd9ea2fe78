/**
 * Stops the host of a folder and waits for it.
 *
 * I1 only what is proven to be ours is signalled
 * I2 what did not end in time is ended at once and named: nothing is lost by it, it only takes longer to come back
 */
import { lockHolder } from './folder-lock.js';
import { HostError } from './host-error.js';
import { recordedInstance, removeInstance } from './instance.js';
import { stopLeftParts } from './left-behind.js';
import { countOpenRuns } from './open-runs.js';
import type { HostPaths } from './paths.js';
import { isSame, signal, untilEnded } from './processes.js';
import { secondsSince } from './progress.js';

export interface DownReport {
  readonly wasRunning: boolean;
  readonly pid: number | null;
  /** Runs that go on with the next start; null when nobody could say. */
  readonly openRuns: number | null;
  /** Parts that did not end by themselves, or that a killed host had left. */
  readonly killed: readonly string[];
  readonly leftovers: readonly string[];
  readonly seconds: number;
}

/** Ten seconds of draining, and what broker and database need to close their files. */
const END_TIMEOUT_MS = 25_000;

/** @throws HostError when something does not end even so */
export async function down(paths: HostPaths): Promise<DownReport> {
  const started = performance.now();
  const holder = await lockHolder(paths.lock);
  const recorded = await recordedInstance(paths);
  if (holder === null) {
    const leftovers = await stopLeftParts(paths);
    await removeInstance(paths);
    return { wasRunning: false, pid: null, openRuns: null, killed: [], leftovers, seconds: secondsSince(started) };
  }
  const api = recorded?.pid === holder.pid ? recorded.api : null;
  const openRuns = api === null || recorded?.isReady !== true ? null : await countOpenRuns(api, paths);
  if (await isSame(holder.pid, holder.birth)) signal(holder.pid, 'SIGTERM');
  const killed = (await untilEnded(holder.pid, END_TIMEOUT_MS)) ? [] : await kill(holder.pid);
  const leftovers = killed.length === 0 ? [] : await stopLeftParts(paths);
  await removeInstance(paths);
  return { wasRunning: true, pid: holder.pid, openRuns, killed, leftovers, seconds: secondsSince(started) };
}

async function kill(pid: number): Promise<readonly string[]> {
  signal(pid, 'SIGKILL');
  if (await untilEnded(pid, 5_000)) return [`host (process ${pid})`];
  throw new HostError('host.already-running', `the host, process ${pid}, does not end`, `look at it with: ps -p ${pid}`);
}
