/**
 * Starts everything of one installation: bus and database, then the services.
 *
 * I1 one host per folder; a second one is refused and harms nothing
 * I2 when a step fails, everything that was started before it is stopped: nothing half started stays behind
 * I3 what runs says who runs, in run/host.json, from the first process on
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { claimApiPort, claimSmtpPort, LOOPBACK } from './addresses.js';
import { createFile } from './atomic-file.js';
import { takeLock } from './folder-lock.js';
import { HostError, messageOf } from './host-error.js';
import { recordedInstance, removeInstance, writeInstance, type Instance } from './instance.js';
import { awaitLeftServices } from './left-behind.js';
import { startFoundations, type Foundations } from './parts/foundations.js';
import { dataFolder, hostPaths, makeFolders, type HostPaths } from './paths.js';
import { secondsSince, type PartName } from './progress.js';
import { keepRunning, warn, type RunningHost } from './running-host.js';
import { modelLine, networkLine, type Addresses } from './service-environment.js';
import { SERVICES } from './services/names.js';
import type { ServiceGroup } from './services/service-group.js';
import { startServices } from './services/start-services.js';
import type { UpOptions } from './up-options.js';

type Undo = () => Promise<unknown>;
const HEALTH_TIMEOUT_MS = 15_000;

/** @throws HostError saying what failed and what to do; everything that was started is stopped by then */
export async function up(options: UpOptions): Promise<RunningHost> {
  const undo: Undo[] = [];
  try {
    return await start(options, undo);
  } catch (error) {
    await undoAll(options, undo);
    if (options.signal.aborted) throw new HostError('host.interrupted', 'stopped before everything ran', './soloist up', { exitCode: 130, cause: error });
    throw error;
  }
}

async function start(options: UpOptions, undo: Undo[]): Promise<RunningHost> {
  const started = performance.now();
  const paths = hostPaths(dataFolder(options.environment));
  options.report({ type: 'up.started', version: options.version, node: process.versions.node, dataDir: paths.folder, mode: options.mode });
  if (process.getuid?.() === 0) warn(options, 'host.root', 'running as root works, but an ordinary user is safer');
  await holdFolder(paths, undo);
  const addresses = await claimAddresses(options, undo);
  const api = `http://${LOOPBACK}:${addresses.httpPort}`;
  const startedAt = new Date().toISOString();
  let services: ServiceGroup | null = null;
  const describe = (now: Foundations | null): Instance => ({ ...record(now, services), version: options.version, startedAt, dataDir: paths.folder, mode: options.mode, api, smtp: { host: addresses.host, port: addresses.smtpPort } });
  await writeInstance(paths, describe(null));

  const foundations = await startFoundations(options, paths, (stop) => undo.push(stop), codeOf(options));
  await writeInstance(paths, describe(foundations));
  options.signal.throwIfAborted();
  say(options, 'memory', memoryLine(options), null, 0);
  const since = performance.now();
  let host: RunningHost | null = null;
  services = await startServices(options, paths, foundations, addresses, () => {
    writeInstance(paths, host?.instance ?? describe(foundations)).catch((error: unknown) => warn(options, 'host.record-failed', error));
  }).catch((error: unknown) => {
    throw error instanceof HostError ? error : new HostError('host.service-failed', messageOf(error), './soloist doctor', { cause: error });
  });
  const group = services;
  undo.push(() => group.stop(2_000));
  await untilHealthy(api, options.signal);
  say(options, 'services', SERVICES.join(' '), options.mode === 'split' ? 'five processes' : null, secondsSince(since));
  say(options, 'model', modelLine(options.environment).what, null, 0);
  say(options, 'network', networkLine(options.environment), null, 0);
  options.signal.throwIfAborted();
  await writeInstance(paths, describe(foundations));
  host = keepRunning(options, paths, { ...foundations, services, api, release: () => undoAll(options, undo.slice(0, undo.indexOf(undo[0] as Undo) + 4)) }, describe);
  options.report({ type: 'up.ready', api, smtp: { host: addresses.host, port: addresses.smtpPort }, dataDir: paths.folder, pid: process.pid, seconds: secondsSince(started) });
  return host;
}
