/** Finds the installation this call is about, and the host that runs on it. */
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { ApiClient } from './api/client.js';
import type { Surroundings } from './surroundings.js';
import type { HostPaths, Instance } from '@soloist/host/installation';

export async function installationPaths({ environment }: Surroundings): Promise<HostPaths> {
  const { dataFolder, hostPaths } = await import('@soloist/host/installation');
  return hostPaths(dataFolder(environment));
}

/** @throws Failure host.not-running when nobody runs or answers yet */
export async function requireInstance(surroundings: Surroundings): Promise<{ readonly paths: HostPaths; readonly instance: Instance }> {
  const { runningInstance } = await import('@soloist/host/installation');
  const paths = await installationPaths(surroundings);
  const instance = await runningInstance(paths);
  if (instance === null) throw new Failure('host.not-running', `Soloist does not run on ${paths.folder}`, './soloist up', EXIT.failed);
  if (!instance.isReady) throw new Failure('host.not-ready', `Soloist starts on ${paths.folder} (process ${instance.pid}) and is not ready yet`, './soloist status', EXIT.failed);
  return { paths, instance };
}

export async function requireApi(surroundings: Surroundings): Promise<ApiClient> {
  const { paths, instance } = await requireInstance(surroundings);
  return apiOf(paths, instance);
}

export function apiOf(paths: HostPaths, instance: Instance): ApiClient {
  return new ApiClient(instance.api ?? '', paths.apiToken);
}
