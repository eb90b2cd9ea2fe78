/** Starts a service value in production: ports, projections, Nest around it, then its sources. */
import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { LogConnection } from '@soloist/eventlog';
import { createLogger, type Logger } from '@soloist/telemetry';
import { systemClock } from '../clock.js';
import { RunningService } from '../running-service.js';
import type { HttpSurface, Service } from '../service.js';
import { DeliveriesController, DISPATCHER } from './deliveries.controller.js';
import { JetStreamStrategy } from './jetstream.strategy.js';

@Module({})
class ServiceModule {}

export interface StartedService {
  readonly name: string;
  /** Where the HTTP surface listens, for the one service that has one. */
  readonly address: { readonly host: string; readonly port: number } | null;
  /** Drains: stops taking work, finishes what was taken, closes ports and the connection. */
  stop(): Promise<void>;
}

export async function startService<Config, Ports>(
  service: Service<Config, Ports>,
  environment: Readonly<Record<string, string | undefined>>,
  connection: LogConnection,
): Promise<StartedService> {
  const logger = createLogger(service.name);
  const config = readConfig(service, environment);
  const opened = await service.open({ config, connection, clock: systemClock });
  const running = new RunningService(service as unknown as Service<unknown, Ports>, connection, opened, systemClock, logger);
  await running.startProjections();
  const surface = service.http?.({ config, ports: opened.ports, connection });
  const application = await createApplication(running as unknown as RunningService<unknown>, surface, logger);
  const address = surface === undefined ? null : await listen(application, surface);
  await running.joinPeers();
  await application.startAllMicroservices();
  await running.startSources();
  return {
    name: service.name,
    address,
    stop: async () => {
      await application.close();
      await running.stop();
      await connection.close();
    },
  };
}

/** @throws Error naming every wrong key, its reason and the variable to set */
export function readConfig<Config>(service: Pick<Service<Config, unknown>, 'name' | 'config'>, environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = service.config.safeParse(environment);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${service.name} cannot start, its configuration is wrong:\n${reasons.join('\n')}\nSet these variables and start again.`);
}

async function createApplication(running: RunningService<unknown>, surface: HttpSurface | undefined, logger: Logger): Promise<INestApplication> {
  const module: DynamicModule = {
    module: ServiceModule,
    controllers: [DeliveriesController],
    providers: [{ provide: DISPATCHER, useValue: running.dispatcher }],
    imports: surface === undefined ? [] : [surface.module as DynamicModule],
  };
  const application = await NestFactory.create(module, { logger: nestLogger(logger), abortOnError: false });
  application.connectMicroservice({ strategy: new JetStreamStrategy(running.service.name, running.connection.deliveries, running.service.timers !== undefined) });
  await surface?.prepare?.(application);
  return application;
}

/** Port 0 asks for any free one; a taken port is the caller's to resolve and is thrown as it is. */
async function listen(application: INestApplication, surface: HttpSurface): Promise<{ host: string; port: number }> {
  await application.listen(surface.port, surface.host);
  const bound = (application.getHttpServer() as { address(): { port: number } }).address();
  const address = { host: surface.host, port: bound.port };
  surface.onListening?.(address);
  return address;
}

/** Nest's start-up chatter is debug to us; its warnings and errors are not. */
function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown) => logger.debug(String(message)),
    verbose: () => {},
    debug: () => {},
    warn: (message: unknown) => logger.warn(String(message)),
    error: (message: unknown) => logger.error(String(message)),
    fatal: (message: unknown) => logger.error(String(message)),
  };
}
