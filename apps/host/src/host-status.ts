/** What runs on a folder at this moment, judged by looking at the processes and addresses, not by what was written down. */
import { runningInstance, type Instance } from './instance.js';
import type { HostPaths } from './paths.js';
import { isAlive } from './processes.js';

export interface PartStatus {
  readonly part: string;
  /** Null: external. */
  readonly pid: number | null;
  readonly address: string | null;
  readonly isAlive: boolean;
  /** What is wrong with a part that runs; null when nothing is. */
  readonly trouble: string | null;
}

export interface HostStatus {
  readonly instance: Instance | null;
  readonly parts: readonly PartStatus[];
  readonly isHealthy: boolean;
}

export async function hostStatus(paths: HostPaths): Promise<HostStatus> {
  const instance = await runningInstance(paths);
  if (instance === null) return { instance: null, parts: [], isHealthy: false };
  const { bus, database, api, smtp } = instance;
  const answers = api !== null && (await fetch(`${api}/health`, { signal: AbortSignal.timeout(3_000) }).then((response) => response.ok, () => false));
  const [busTrouble, storage] = await Promise.all([troubleOf(bus), storageOf(paths, instance)]);
  const parts: readonly PartStatus[] = [
    { part: 'host', pid: instance.pid, address: instance.dataDir, isAlive: true, trouble: null },
    { part: 'bus', pid: bus?.pid ?? null, address: bus?.url ?? null, isAlive: bus !== null && (bus.pid === null || isAlive(bus.pid)), trouble: busTrouble },
    { part: 'database', pid: database?.pid ?? null, address: database?.address ?? null, isAlive: database !== null && (database.pid === null || isAlive(database.pid)), trouble: null },
    ...instance.services.map(({ name, pid }) => ({ part: name, pid, address: addressOf(name, api, smtp), isAlive: isAlive(pid), trouble: null })),
    { part: 'api', pid: instance.pid, address: api, isAlive: answers, trouble: null },
    ...storage,
  ];
  return { instance, parts, isHealthy: instance.isReady && parts.every((part) => part.isAlive && part.trouble === null) };
}

/** A broker that runs may still have stopped writing. */
async function troubleOf(bus: Instance['bus']): Promise<string | null> {
  if (bus === null) return null;
  const { healthOf } = await import('@soloist/eventlog');
  const { answer, isHealthy } = await healthOf(bus.healthUrl);
  return isHealthy ? null : `not healthy: ${answer}`;
}

/** The disk of our own log; of an external broker's nothing is known. */
async function storageOf(paths: HostPaths, { bus, pid }: Instance): Promise<readonly PartStatus[]> {
  if (bus?.pid == null) return [];
  const { roomAt, roomLine } = await import('@soloist/eventlog');
  const room = await roomAt(paths.bus);
  return [{ part: 'storage', pid, address: paths.bus, isAlive: true, trouble: room.isLow ? `new mail is refused until there is more space: ${roomLine(room)}` : null }];
}

function addressOf(service: string, api: string | null, smtp: Instance['smtp']): string | null {
  if (service === 'governance') return api;
  return service === 'connectors' && smtp !== null ? `smtp://${smtp.host}:${smtp.port}` : null;
}
