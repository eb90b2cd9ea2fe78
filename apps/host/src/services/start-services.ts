/** Starts the five services over bus and database, in this process or in five. */
import { serviceEnvironment, type Addresses } from '../service-environment.js';
import type { Foundations } from '../parts/foundations.js';
import type { HostPaths } from '../paths.js';
import type { UpOptions } from '../up-options.js';
import type { ServiceGroup, ServiceGroupOptions } from './service-group.js';

/** `onChanged` is called when a process was replaced. @throws the first failure, with nothing left running */
export async function startServices(options: UpOptions, paths: HostPaths, { bus, database }: Foundations, addresses: Addresses, onChanged: () => void): Promise<ServiceGroup> {
  const { report } = options;
  const environment = serviceEnvironment(options.environment, paths, bus, database, addresses);
  const group: ServiceGroupOptions = {
    wiring: (name) => ({ natsUrl: bus.url, seedFile: bus.seedFile(name), streams: bus.streams, keepFolder: paths.keep }),
    environment: () => environment,
    onDied: (name, why) => report({ type: 'part.died', part: name, why }),
    onRestarted: (name, pid, seconds) => {
      report({ type: 'part.restarted', part: name, pid, seconds });
      onChanged();
    },
    onLine: options.onLine,
  };
  if (options.mode === 'split') return (await import('./own-processes.js')).startProcesses(group);
  return (await import('./single-process.js')).startInProcess(group);
}
