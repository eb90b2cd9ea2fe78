/**
 * Runs services in this process on a given connection: no Nest, no sockets of our own. The simulator and tests use it
 * with the in-memory log and ports of their choice.
 */
import type { LogConnection } from '@soloist/eventlog';
import { silentLogger, type Logger } from '@soloist/telemetry';
import { systemClock, type DecisionClock } from './clock.js';
import { RunningService } from './running-service.js';
import type { OpenPorts, Service } from './service.js';

export interface InProcessPart<Ports = unknown> {
  readonly service: Service<never, Ports>;
  readonly connection: LogConnection;
  readonly opened: OpenPorts<Ports>;
}

/** Pairs a service with its ports; keeps the types of the two together. */
export function part<Config, Ports>(service: Service<Config, Ports>, connection: LogConnection, opened: OpenPorts<Ports>): InProcessPart {
  return { service, connection, opened } as unknown as InProcessPart;
}

export interface InProcess {
  readonly services: readonly RunningService<unknown>[];
  stop(): Promise<void>;
}

export async function runInProcess(
  parts: readonly InProcessPart[],
  options: { clock?: DecisionClock; logger?: Logger; silenceMs?: number } = {},
): Promise<InProcess> {
  const running = parts.map(
    ({ service, connection, opened }) =>
      new RunningService(service as unknown as Service<unknown, unknown>, connection, opened, options.clock ?? systemClock, options.logger ?? silentLogger, options.silenceMs),
  );
  for (const one of running) await one.startProjections();
  for (const one of running) await one.startDeliveries();
  for (const one of running) await one.startSources();
  return {
    services: running,
    stop: async () => {
      for (const one of [...running].reverse()) await one.stop();
    },
  };
}
