/**
 * `soloist up`
 *
 * I1 Ctrl-C drains; a second Ctrl-C ends at once, and the next start finds everything on the log
 */
import { relative } from 'node:path';
import type { HostEvent, RunningHost } from '@soloist/host/installation';
import { EXIT } from '../exit-codes.js';
import { asFailure } from '../failure.js';
import { wholeNumber } from '../options.js';
import { showProgress } from '../progress-lines.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

export async function upCommand(surroundings: Surroundings, options: Options): Promise<number> {
  const port = options['port'] === undefined ? null : wholeNumber('--port', options['port'], 1, 65_535);
  const isSplit = options['split'] === true;
  if (options['detach'] === true) {
    const { startDetached } = await import('../detached-host.js');
    await startDetached(surroundings, { isSplit, port, environment: surroundings.environment });
    return EXIT.ok;
  }
  return serve(surroundings, isSplit, port);
}

async function serve(surroundings: Surroundings, isSplit: boolean, port: number | null): Promise<number> {
  const { output, environment } = surroundings;
  // Set before anything is loaded that makes loggers: beside the status lines only what matters.
  process.env['SOLOIST_LOG_LEVEL'] ??= 'warn';
  const stop = untilInterrupted();
  const { up } = await import('@soloist/host/installation');
  const { startTelemetry } = await import('@soloist/telemetry');
  const stopTelemetry = await startTelemetry('soloist');
  const host = await up({
    environment: { ...environment, SOLOIST_LOG_LEVEL: process.env['SOLOIST_LOG_LEVEL'] },
    mode: isSplit ? 'split' : 'single',
    port,
    version: surroundings.version,
    signal: stop.signal,
    report: (event: HostEvent) => {
      showProgress(output, event, inWords);
      if (output.isJson) output.log(logLine(event));
    },
    onLine: (service, line) => output.log(`${service.padEnd(12)} | ${line}`),
  });
  const code = await untilEnd(host, stop.asked, surroundings);
  await host.stop();
  await stopTelemetry();
  // Timers and sockets of what did not let go must not keep a stopped host alive.
  process.exit(code);
}

async function untilEnd(host: RunningHost, asked: Promise<void>, { output }: Surroundings): Promise<number> {
  const defect = Promise.withResolvers<never>();
  process.once('uncaughtException', defect.reject);
  process.once('unhandledRejection', defect.reject);
  try {
    await Promise.race([asked, host.broken, defect.promise]);
    return EXIT.ok;
  } catch (error) {
    output.failure(asFailure(error));
    return EXIT.failed;
  }
}

interface Interruption {
  readonly signal: AbortSignal;
  readonly asked: Promise<void>;
}

function untilInterrupted(): Interruption {
  const controller = new AbortController();
  const asked = Promise.withResolvers<void>();
  const take = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    asked.resolve();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, take);
  return { signal: controller.signal, asked: asked.promise };
}

/** With --json the words go nowhere, but a host in the background keeps a log, and it should say what happened. */
function logLine({ type, ...what }: HostEvent): string {
  return `info  host         ${type} ${JSON.stringify(what)}`;
}

function inWords(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near.startsWith('..') ? folder : `./${near}`;
}
