/**
 * Starts everything of one installation: bus and database, then the services.
 *
 * I1 one host per folder; a second one is refused and harms nothing
 * I2 when a step fails, everything that was started before it is stopped: nothing half started stays behind
 * I3 what runs says who runs, in run/host.json, from the first process on
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readIfThere } from '@soloist/eventlog/durable-file';
import { claimApiPort, claimSmtpPort, LOOPBACK } from './addresses.js';
import { takeLock } from './folder-lock.js';
import { HostError, messageOf } from './host-error.js';
import { recordedInstance, removeInstance, writeInstance, type Instance } from './instance.js';
import { awaitLeftServices } from './left-behind.js';
import { startFoundations, type Foundations } from './parts/foundations.js';
import { dataFolder, hostPaths, makeFolders, type HostPaths } from './paths.js';
import { secondsSince, type PartName } from './progress.js';
import { keepRunning, warn, type RunningHost } from './running-host.js';
import { memoryLine, modelLine, networkLine, type Addresses } from './service-environment.js';
import { spendLine } from './spend-line.js';
import { SERVICES } from './services/names.js';
import type { ServiceGroup } from './services/service-group.js';
import { startServices } from './services/start-services.js';
import type { UpOptions } from './up-options.js';

const HEALTH_TIMEOUT_MS = 15_000;
const PORT_TRIES = 4;
/** Services of a start that failed have taken little work yet. */
const GIVE_UP_MS = 3_000;

/** @throws HostError saying what failed and what to do; everything that was started is stopped by then */
export async function up(options: UpOptions): Promise<RunningHost> {
  const start = new HostStart(options);
  try {
    return await start.run();
  } catch (error) {
    await start.undo();
    if (options.signal.aborted) throw new HostError('host.interrupted', 'stopped before everything ran', './soloist up', { exitCode: 130, cause: error });
    throw error;
  }
}

class HostStart {
  private readonly started = performance.now();
  private readonly startedAt = new Date().toISOString();
  private readonly paths: HostPaths;
  /** How to let go of folder, ports and record, which a running host keeps to its end. */
  private readonly grounds: (() => Promise<unknown>)[] = [];
  /** How to stop the parts, in the order they were started. */
  private readonly parts: (() => Promise<unknown>)[] = [];
  private addresses: Addresses | null = null;
  private services: ServiceGroup | null = null;
  private isReady = false;

  constructor(private readonly options: UpOptions) {
    this.paths = hostPaths(dataFolder(options.environment));
  }

  async run(): Promise<RunningHost> {
    const { options, paths } = this;
    options.report({ type: 'up.started', version: options.version, node: process.versions.node, dataDir: paths.folder, mode: options.mode });
    if (process.getuid?.() === 0) warn(options, 'host.root', 'running as root works, but an ordinary user is safer');
    await this.holdFolder();
    await this.claimAddresses();
    await this.write(null);
    const foundations = await startFoundations(options, paths, (stop) => this.parts.push(stop), this.code());
    await this.write(foundations);
    options.signal.throwIfAborted();
    this.say('memory', memoryLine(options.environment), null);
    const services = await this.startServices(foundations);
    const { api, smtp } = this.where();
    this.isReady = true;
    await this.write(foundations);
    const host = keepRunning(options, paths, { ...foundations, services, api, release: () => letGo(this.grounds, options) }, (now) => this.describe(now));
    options.report({ type: 'up.ready', api, smtp, dataDir: paths.folder, pid: process.pid, seconds: secondsSince(this.started) });
    return host;
  }

  async undo(): Promise<void> {
    await letGo(this.parts, this.options);
    await letGo(this.grounds, this.options);
  }

  private async holdFolder(): Promise<void> {
    const { paths } = this;
    await makeFolders(paths);
    const lock = await takeLock(paths.lock, paths.folder).catch((error: unknown) => explainHolder(error, paths));
    this.grounds.push(() => lock.release());
    await awaitLeftServices(paths);
  }

  private async claimAddresses(): Promise<void> {
    const { environment, port } = this.options;
    const http = await claimApiPort(port, environment);
    this.grounds.push(() => http.release());
    const smtp = await claimSmtpPort(environment);
    this.grounds.push(() => smtp.release());
    this.addresses = { host: LOOPBACK, httpPort: http.port, smtpPort: smtp.port };
    this.grounds.push(() => removeInstance(this.paths));
  }

  /** Loading code takes as long as starting bus and database, so it goes on beside them; a split host's children load. */
  private async code(): Promise<void> {
    if (this.options.mode === 'single') await (await import('./services/run-service.js')).loadServices(SERVICES);
  }

  private async startServices(foundations: Foundations): Promise<ServiceGroup> {
    const { options, paths } = this;
    const since = performance.now();
    const rewrite = (): void => void this.write(foundations).catch((error: unknown) => warn(options, 'host.record-failed', error));
    const services = await this.onFreePort(() => startServices(options, paths, foundations, this.claimed(), rewrite));
    this.services = services;
    this.parts.push(() => services.stop(GIVE_UP_MS));
    const { host, httpPort, smtpPort } = this.claimed();
    this.addresses = { host, httpPort, smtpPort: (await intakePort(paths)) ?? smtpPort };
    await untilHealthy(`http://${host}:${httpPort}`, options.signal);
    this.say('services', SERVICES.join(' '), options.mode === 'split' ? 'five processes' : 'one process', secondsSince(since));
    this.say('model', modelLine(options.environment).what, null);
    this.say('network', networkLine(options.environment), null);
    this.say('spend', await spendLine(options.environment), null);
    options.signal.throwIfAborted();
    return services;
  }

  /** Between the claim and the bind another program may have taken the API's port: then the next free one is used. */
  private async onFreePort(start: () => Promise<ServiceGroup>): Promise<ServiceGroup> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await start();
      } catch (error) {
        const because = messageOf(error);
        if (error instanceof HostError || attempt === PORT_TRIES || !because.includes('EADDRINUSE')) {
          throw error instanceof HostError ? error : new HostError('host.service-failed', because, './soloist doctor', { cause: error });
        }
        await this.claimAddresses();
      }
    }
  }

  private say(part: PartName, what: string, at: string | null, seconds = 0): void {
    this.options.report({ type: 'part.ready', part, what, at, isOurs: true, seconds });
  }

  private claimed(): Addresses {
    if (this.addresses === null) throw new Error('addresses are claimed before anything is started');
    return this.addresses;
  }

  private where(): { api: string; smtp: { host: string; port: number } } {
    const { host, httpPort, smtpPort } = this.claimed();
    return { api: `http://${host}:${httpPort}`, smtp: { host, port: smtpPort } };
  }

  private write(foundations: Foundations | null): Promise<void> {
    return writeInstance(this.paths, this.describe(foundations));
  }

  private describe(now: Foundations | null): Instance {
    const { addresses, options, services } = this;
    return {
      schema: 1,
      version: options.version,
      pid: process.pid,
      startedAt: this.startedAt,
      dataDir: this.paths.folder,
      mode: options.mode,
      isReady: this.isReady,
      ...(addresses === null ? { api: null, smtp: null } : this.where()),
      bus: now === null ? null : { pid: now.bus.pid, url: now.bus.url, healthUrl: now.bus.healthUrl, version: now.bus.version, streams: now.bus.streams },
      database: now === null ? null : { pid: now.database.pid, address: now.database.address, version: now.database.version },
      services: services?.entries ?? [],
    };
  }
}

/** The intake gives way when its port was taken at the last moment, and says where it went. */
async function intakePort(paths: HostPaths): Promise<number | null> {
  const content = await readIfThere(join(paths.run, 'connectors.json'));
  const port: unknown = content === null ? null : (JSON.parse(content) as { smtpPort?: unknown }).smtpPort;
  return typeof port === 'number' ? port : null;
}

/** Latest first; what does not let go is said, and the rest goes on. */
async function letGo(steps: readonly (() => Promise<unknown>)[], options: UpOptions): Promise<void> {
  for (const step of [...steps].reverse()) await step().catch((error: unknown) => warn(options, 'host.not-stopped', error));
}

/** Adds where the holder of the folder can be reached. */
async function explainHolder(error: unknown, paths: HostPaths): Promise<never> {
  const holder = await recordedInstance(paths);
  if (!(error instanceof HostError) || holder?.api === null || holder === null) throw error;
  throw new HostError(error.code, `${error.message}, at ${holder.api}`, error.next);
}

/** The API answers: what is said to be ready is ready. */
async function untilHealthy(api: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + HEALTH_TIMEOUT_MS;
  let answer = 'no answer';
  while (performance.now() < deadline && !signal.aborted) {
    answer = await fetch(`${api}/health`, { signal: AbortSignal.timeout(2_000) }).then((response) => (response.ok ? '' : `status ${response.status}`), messageOf);
    if (answer === '') return;
    await pause(25);
  }
  signal.throwIfAborted();
  throw new HostError('host.service-failed', `the API at ${api} is not healthy after ${HEALTH_TIMEOUT_MS / 1_000} s: ${answer}`, './soloist doctor');
}
