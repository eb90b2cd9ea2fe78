/** A host that is up: keeps its parts alive, its record true, and stops everything in reverse order. */
import { HostError, messageOf } from './host-error.js';
import { writeInstance, type Instance } from './instance.js';
import { countOpenRuns } from './open-runs.js';
import { startBus, type Bus } from './parts/bus.js';
import { startDatabase, type Database } from './parts/database.js';
import type { Foundations } from './parts/foundations.js';
import { watchStore } from './parts/store-watch.js';
import type { HostPaths } from './paths.js';
import { secondsSince } from './progress.js';
import type { ServiceGroup } from './services/service-group.js';
import { supervise, type Supervision, type SupervisionReport } from './supervision.js';
import type { UpOptions } from './up-options.js';

export interface RunningHost {
  readonly instance: Instance;
  /** Rejects when the host cannot go on by itself; it is to be stopped then. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
const RECORD_HEADS_EVERY_MS = 60_000;

export interface HostParts extends Foundations {
  readonly services: ServiceGroup;
  readonly api: string;
  /** Everything that does not need supervision: ports, lock, record. */
  readonly release: () => Promise<void>;
}

/** `describe` makes the record from the parts that run at the moment. */
export function keepRunning(options: UpOptions, paths: HostPaths, parts: HostParts, describe: (now: Foundations) => Instance): RunningHost {
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined); // heard by whoever waits for it; a host that is being stopped has nobody
  const rewrite = (): void => void writeInstance(paths, describe(now())).catch((error: unknown) => warn(options, 'host.record-failed', error));
  const reportFor = <Part extends { pid: number | null; address: string }>(part: 'bus' | 'database', first: Part): SupervisionReport<Part> => ({
    onDied: (why) => options.report({ type: 'part.died', part, why }),
    onRestarted: (again, seconds) => {
      options.report({ type: 'part.restarted', part, pid: again.pid ?? 0, seconds });
      if (again.address !== first.address) broken.reject(moved(part, again.address));
      rewrite();
    },
  });
  const bus = supervise(parts.bus, () => startBus(paths, options.environment), reportFor('bus', parts.bus));
  const database = supervise(parts.database, () => startDatabase(paths, portOf(parts.database.address)), reportFor('database', parts.database));
  const now = (): Foundations => ({ bus: bus.current(), database: database.current() });
  const heads = setInterval(() => void bus.current().recordHeads().catch((error: unknown) => warn(options, 'host.heads-not-recorded', error)), RECORD_HEADS_EVERY_MS);
  const store = watchStore({ bus: () => bus.current(), folder: paths.bus, warn: (code, message) => warn(options, code, message) });
  return {
    get instance() {
      return describe(now());
    },
    broken: broken.promise,
    stop: async () => {
      clearInterval(heads);
      await store.end();
      await stopAll(options, paths, parts, { bus, database });
    },
  };
}

interface SupervisedFoundations {
  readonly bus: Supervision<Bus>;
  readonly database: Supervision<Database>;
}

/** Services first, for they still need what they stand on. */
async function stopAll({ report }: UpOptions, paths: HostPaths, parts: HostParts, { bus, database }: SupervisedFoundations): Promise<void> {
  const started = performance.now();
  const openRuns = await countOpenRuns(parts.api, paths);
  report({ type: 'up.stopping', openRuns });
  const killed = await parts.services.stop(DRAIN_MS);
  await Promise.all([bus.end(), database.end()]);
  for (const stopped of await Promise.allSettled([bus.current().stop(), database.current().stop()])) {
    if (stopped.status === 'rejected') warn({ report }, 'host.not-stopped', stopped.reason);
  }
  await parts.release();
  report({ type: 'up.stopped', openRuns, killed, seconds: secondsSince(started) });
}

export function warn({ report }: Pick<UpOptions, 'report'>, code: string, error: unknown): void {
  report({ type: 'warning', code, message: messageOf(error) });
}

function moved(part: string, to: string): HostError {
  return new HostError('host.port-taken', `the ${part} died and another program took its port; it now is at ${to}, where the services do not look`, 'run again: ./soloist up');
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
