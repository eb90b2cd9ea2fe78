/**
 * nats-server as a child process of the embedded profile.
 *
 * I1 one broker per folder: a start finds the one that a killed parent left behind, and takes it over or stops it
 * I2 no process is signalled before it is proven to be nats-server running with this folder's configuration
 * I3 a started broker has answered its health check, itself and not another on its port: it has recovered every stream
 * I4 a broker that failed to write is killed, never ended gracefully (frozen-broker.ts)
 * I5 a broker killed at any moment of its start can be started again (write-probes.ts)
 */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';
import type { BrokerPorts } from './conf.js';
import { replaceDurably } from '../durable-file.js';
import { forgetStates } from './frozen-broker.js';
import { cannotWrite, freePorts, healthOf, servesStore, type PortRange } from './network.js';
import { holdFolder, isAlive, isBroker, stopBroker } from './process-table.js';
import { versionOfBinary } from './version.js';
import { removeWriteProbes } from './write-probes.js';

export interface BrokerServerOptions {
  readonly binary: string;
  /** Holds configuration, store, log and pid file; made when missing. */
  readonly folder: string;
  /** Where to look for two free ports; the ports of the last start are kept when they are free. */
  readonly portRange: PortRange;
  readonly conf: (ports: BrokerPorts, paths: BrokerPaths) => string;
  /** How long recovery of the streams may take. */
  readonly startTimeoutMs?: number;
}

export interface BrokerPaths {
  readonly storeFolder: string;
  readonly logFile: string;
}

export interface BrokerServer {
  readonly pid: number;
  readonly version: string;
  readonly ports: BrokerPorts;
  readonly url: string;
  readonly healthUrl: string;
  /** True when the broker of an earlier start was still running and is used on. */
  readonly isTakenOver: boolean;
  isRunning(): boolean;
  /** Ends it gracefully: clients are told, streams closed. */
  stop(): Promise<void>;
}

interface PidFile {
  readonly pid: number;
  readonly ports: BrokerPorts;
}

const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 5;

/** @throws Fault invalid: too old or broken configuration · transient: no free port, not healthy in time */
export async function startBrokerServer(options: BrokerServerOptions): Promise<BrokerServer> {
  const version = await versionOfBinary(options.binary);
  const folder = options.folder;
  await mkdir(join(folder, 'js'), { recursive: true, mode: 0o700 });
  const release = await holdFolder(folder);
  try {
    const before = await readPidFile(folder);
    const running = before === null ? null : await takeOver(options, before);
    const pidFile = running ?? (await startFresh(options, before?.ports ?? null));
    return {
      ...pidFile,
      version,
      url: `nats://127.0.0.1:${pidFile.ports.client}`,
      healthUrl: healthUrl(pidFile.ports),
      isTakenOver: running !== null,
      isRunning: () => isAlive(pidFile.pid),
      stop: () => endBroker(pidFile, pathsOf(folder)),
    };
  } finally {
    await release();
  }
}

export function pathsOf(folder: string): BrokerPaths & { readonly confFile: string; readonly pidFile: string; readonly errorFile: string } {
  return {
    storeFolder: join(folder, 'js'),
    logFile: join(folder, 'nats-server.log'),
    confFile: join(folder, 'nats.conf'),
    pidFile: join(folder, 'nats-server.pid.json'),
    errorFile: join(folder, 'nats-server.stderr'),
  };
}

function healthUrl(ports: BrokerPorts): string {
  return `${monitoringUrl(ports)}/healthz`;
}

function monitoringUrl(ports: BrokerPorts): string {
  return `http://127.0.0.1:${ports.monitoring}`;
}

/** I4 */
async function endBroker({ pid, ports }: PidFile, { confFile, storeFolder }: ReturnType<typeof pathsOf>): Promise<void> {
  if (!cannotWrite(await healthOf(healthUrl(ports)))) return stopBroker(pid, confFile);
  await stopBroker(pid, confFile, 'SIGKILL');
  await forgetStates(storeFolder);
}

/** A broker left running with exactly the wanted configuration is used on; with another one it is stopped. */
async function takeOver(options: BrokerServerOptions, before: PidFile): Promise<PidFile | null> {
  const paths = pathsOf(options.folder);
  if (!(await isBroker(before.pid, paths.confFile))) return null;
  const wanted = options.conf(before.ports, paths);
  const runs = await readFile(paths.confFile, 'utf8').catch(() => '');
  if (wanted === runs && (await healthOf(healthUrl(before.ports))).isHealthy) return before;
  await endBroker(before, paths);
  return null;
}

async function startFresh(options: BrokerServerOptions, earlier: BrokerPorts | null): Promise<PidFile> {
  const paths = pathsOf(options.folder);
  let refused = '';
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const ports = await freePorts(options.portRange, attempt === 0 ? earlier : null);
    await replaceDurably(paths.confFile, options.conf(ports, paths));
    await removeWriteProbes(paths.storeFolder);
    const logged = (await stat(paths.logFile).catch(() => null))?.size ?? 0;
    const pid = await launch(options.binary, paths);
    await writeFile(paths.pidFile, JSON.stringify({ pid, ports } satisfies PidFile), { mode: 0o600 });
    refused = await untilHealthy(pid, ports, options, logged);
    if (refused === '') return { pid, ports };
    // Between the look and the bind another program may have taken the port: take the next.
    if (!/address already in use/.test(refused)) break;
  }
  throw new Fault('transient', 'broker-not-started', `nats-server did not start: ${refused}. Nothing was changed; read ${paths.logFile}, and if the store is damaged restore it from a backup.`);
}

async function launch(binary: string, paths: ReturnType<typeof pathsOf>): Promise<number> {
  // A file, not a pipe: a broker that outlives its parent must not die of a closed pipe.
  const errors = await open(paths.errorFile, 'w', 0o600);
  try {
    // Its own process group: Ctrl-C in the terminal must reach the services first and the broker last.
    const child = spawn(binary, ['-c', paths.confFile], { detached: true, stdio: ['ignore', 'ignore', errors.fd] });
    child.on('error', () => undefined);
    child.unref();
    if (child.pid === undefined) throw new Fault('invalid', 'broker-not-runnable', `${binary} cannot be run.`);
    return child.pid;
  } finally {
    await errors.close();
  }
}

/** Empty when healthy, otherwise why not. */
async function untilHealthy(pid: number, ports: BrokerPorts, options: BrokerServerOptions, logged: number): Promise<string> {
  const deadline = performance.now() + (options.startTimeoutMs ?? START_TIMEOUT_MS);
  let answer = 'no answer yet';
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return `it ended at once: ${await lastWords(options.folder, logged)}`;
    const health = await healthOf(healthUrl(ports));
    if (health.isHealthy) {
      if (await servesStore(monitoringUrl(ports), pathsOf(options.folder).storeFolder)) return '';
      // Two brokers that start at once can choose the same port: who answers is the other one, and ours is about to end.
      await stopBroker(pid, pathsOf(options.folder).confFile);
      return `address already in use: another broker answers on port ${ports.monitoring}`;
    }
    answer = health.answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // A store that cannot be recovered stays unhealthy for ever; the process is left no chance to be written to.
  await stopBroker(pid, pathsOf(options.folder).confFile);
  return `not healthy in time: ${answer}`;
}

/** What the broker wrote in this start; the log of earlier ones, up to `logged` bytes, is kept but not repeated. */
async function lastWords(folder: string, logged: number): Promise<string> {
  const paths = pathsOf(folder);
  const errors = await readFile(paths.errorFile, 'utf8').catch(() => '');
  const log = await readFile(paths.logFile, 'utf8').catch(() => '');
  return [errors, log.length > logged ? log.slice(logged) : log].join('\n').split('\n').filter((line) => line.trim() !== '').slice(-3).join(' | ').slice(-600);
}

async function readPidFile(folder: string): Promise<PidFile | null> {
  const content = await readFile(pathsOf(folder).pidFile, 'utf8').catch(() => null);
  if (content === null) return null;
  try {
    const parsed = JSON.parse(content) as PidFile;
    const isWhole = Number.isInteger(parsed.pid) && Number.isInteger(parsed.ports.client) && Number.isInteger(parsed.ports.monitoring);
    return isWhole ? parsed : null;
  } catch {
    // A pid file torn by a crash says nothing; the broker it stood for cannot be found by it.
    return null;
  }
}
