/** Connects one service value under its own identity and starts it: in the host's process or in one of its own. */
import type { StreamCount } from '@soloist/contracts';
import type { LogConnection } from '@soloist/eventlog';
import type { StartedService } from '@soloist/service';
import type { ServiceName } from './names.js';

/** What a service needs to know besides its configuration. Travels to a child process as JSON. */
export interface ServiceWiring {
  readonly natsUrl: string;
  readonly seedFile: string;
  readonly streams: StreamCount;
  readonly keepFolder: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export async function runService(name: ServiceName, wiring: ServiceWiring, environment: Environment): Promise<StartedService> {
  const [start, { connectLog, openKeyTable }] = await Promise.all([starter(name), import('@soloist/eventlog')]);
  const keys = await openKeyTable(wiring.keepFolder);
  const connection = await connectLog({
    servers: wiring.natsUrl,
    seedFile: wiring.seedFile,
    service: name,
    streams: wiring.streams,
    keys,
    name: `soloist ${name}`,
  });
  try {
    return await start(environment, connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

type Start = (environment: Environment, connection: LogConnection) => Promise<StartedService>;

/** Loads the service's code without starting it, so that loading overlaps with the start of bus and database. */
export async function loadServices(names: readonly ServiceName[]): Promise<void> {
  await Promise.all([import('@soloist/eventlog'), ...names.map(starter)]);
}

async function starter(name: ServiceName): Promise<Start> {
  const { startService } = await import('@soloist/service');
  switch (name) {
    case 'orchestrator': {
      const { orchestratorService } = await import('@soloist/orchestrator');
      return (environment, connection) => startService(orchestratorService, environment, connection);
    }
    case 'runtime': {
      const { runtimeService } = await import('@soloist/runtime');
      return (environment, connection) => startService(runtimeService, environment, connection);
    }
    case 'memory': {
      const { memoryService } = await import('@soloist/memory');
      return (environment, connection) => startService(memoryService, environment, connection);
    }
    case 'connectors': {
      const { connectorsService } = await import('@soloist/connectors');
      return (environment, connection) => startService(connectorsService, environment, connection);
    }
    case 'governance': {
      const { governanceService } = await import('@soloist/governance');
      return (environment, connection) => startService(governanceService, environment, connection);
    }
  }
}
