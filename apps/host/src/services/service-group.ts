/** The five services as the host sees them, whether they run in its process or in five of their own. */
import type { ServiceEntry } from '../instance.js';
import type { ServiceName } from './names.js';
import type { ServiceWiring } from './run-service.js';

export interface ServiceGroup {
  readonly entries: readonly ServiceEntry[];
  /** Lets them finish what they have taken. Answers the names of those that had to be killed. */
  stop(timeoutMs: number): Promise<readonly string[]>;
}

export interface ServiceGroupOptions {
  wiring(name: ServiceName): ServiceWiring;
  environment(name: ServiceName): Readonly<Record<string, string | undefined>>;
  onDied(name: ServiceName, why: string): void;
  onRestarted(name: ServiceName, pid: number, seconds: number): void;
  /** A line a service wrote, without its line end. */
  onLine(name: ServiceName, line: string): void;
}
