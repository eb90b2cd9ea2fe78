/** All five services in the host's own process: the least memory, and what `soloist up` does. */
import type { StartedService } from '@soloist/service';
import { SERVICES, type ServiceName } from './names.js';
import { runService } from './run-service.js';
import type { ServiceGroup, ServiceGroupOptions } from './service-group.js';

/** @throws the first failure, after the services that did start were stopped */
export async function startInProcess(options: ServiceGroupOptions): Promise<ServiceGroup> {
  const outcomes = await Promise.allSettled(SERVICES.map((name) => runService(name, options.wiring(name), options.environment(name))));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.findIndex((outcome) => outcome.status === 'rejected');
  const outcome = outcomes[failed];
  if (outcome?.status === 'rejected') {
    await Promise.allSettled(started.map((service) => service.stop()));
    throw named(SERVICES[failed] ?? 'governance', outcome.reason);
  }
  return { entries: SERVICES.map((name) => ({ name, pid: process.pid })), stop: (timeoutMs) => stopAll(started, timeoutMs) };
}

async function stopAll(started: readonly StartedService[], timeoutMs: number): Promise<readonly string[]> {
  const late = new Set(started.map(({ name }) => name));
  const stops = started.map((service) => service.stop().finally(() => late.delete(service.name)));
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, timeoutMs);
  await Promise.race([Promise.allSettled(stops), timeout.promise]);
  clearTimeout(timer);
  return [...late];
}

function named(name: ServiceName, reason: unknown): Error {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new Error(`${name}: ${text}`, { cause: reason });
}
