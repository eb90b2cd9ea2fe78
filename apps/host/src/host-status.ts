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
  const parts: readonly PartStatus[] = [
    { part: 'host', pid: instance.pid, address: instance.dataDir, isAlive: true },
    { part: 'bus', pid: bus?.pid ?? null, address: bus?.url ?? null, isAlive: bus !== null && (bus.pid === null || isAlive(bus.pid)) },
    { part: 'database', pid: database?.pid ?? null, address: database?.address ?? null, isAlive: database !== null && (database.pid === null || isAlive(database.pid)) },
    ...instance.services.map(({ name, pid }) => ({ part: name, pid, address: addressOf(name, api, smtp), isAlive: isAlive(pid) })),
    { part: 'api', pid: instance.pid, address: api, isAlive: answers },
  ];
  return { instance, parts, isHealthy: instance.isReady && parts.every((part) => part.isAlive) };
}

function addressOf(service: string, api: string | null, smtp: Instance['smtp']): string | null {
  if (service === 'governance') return api;
  return service === 'connectors' && smtp !== null ? `smtp://${smtp.host}:${smtp.port}` : null;
}
