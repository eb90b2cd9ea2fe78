/**
 * Starts a host that outlives this call, and waits until it is ready.
 *
 * I1 it returns when the host is ready or has failed, never in between; a failure is shown with the host's own words
 */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostEvent, HostPaths } from '@soloist/host/installation';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { showProgress } from './progress-lines.js';
import type { Surroundings } from './surroundings.js';

export interface DetachedOptions {
  readonly isSplit: boolean;
  readonly port: number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const READY_TIMEOUT_MS = 90_000;
const LOG_LINES = 12;

type ReadyEvent = Extract<HostEvent, { type: 'up.ready' }>;
type Line = HostEvent | { readonly type: 'error'; readonly code: string; readonly message: string; readonly next: string };

/** @throws Failure of the host, or cli.not-ready-in-time with the last lines of its log */
export async function startDetached(surroundings: Surroundings, options: DetachedOptions): Promise<ReadyEvent> {
  const { dataFolder, hostPaths } = await import('@soloist/host/installation');
  const paths = hostPaths(dataFolder(options.environment));
  await mkdir(paths.run, { recursive: true, mode: 0o700 });
  const eventFile = join(paths.run, `up.${process.pid}.ndjson`);
  try {
    return await untilReady(surroundings, await launch(surroundings, options, paths, eventFile), paths, eventFile);
  } finally {
    // From here on the host's log says what happens.
    await rm(eventFile, { force: true });
  }
}

async function untilReady({ output }: Surroundings, child: Child, paths: HostPaths, eventFile: string): Promise<ReadyEvent> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let shown = 0;
  for (;;) {
    // The exit is looked at before the file, so that nothing written before it is missed.
    const exitCode = child.exitCode();
    const lines = await eventsIn(eventFile);
    for (const line of lines.slice(shown)) {
      shown += 1;
      if (line.type === 'error') throw new Failure(line.code, line.message, line.next, exitCode ?? (await child.ended));
      showProgress(output, line, (folder) => folder);
      if (line.type === 'up.ready') {
        child.letGo();
        return line;
      }
    }
    if (exitCode !== null) throw new Failure('host.ended', `the host ended with code ${exitCode} before it was ready:\n${await lastLines(paths)}`, './soloist doctor', exitCode === 0 ? EXIT.failed : exitCode);
    if (performance.now() > deadline) {
      child.kill();
      throw new Failure('host.not-ready-in-time', `the host was not ready within ${READY_TIMEOUT_MS / 1_000} s and was stopped:\n${await lastLines(paths)}`, './soloist doctor', EXIT.timedOut);
    }
    await pause(30);
  }
}

interface Child {
  exitCode(): number | null;
  readonly ended: Promise<number>;
  /** This call no longer waits for it. */
  letGo(): void;
  kill(): void;
}

async function launch({ self }: Surroundings, { isSplit, port, environment }: DetachedOptions, paths: HostPaths, eventFile: string): Promise<Child> {
  const [program = '', ...words] = self;
  const events = await open(eventFile, 'w', 0o600);
  const log = await open(paths.hostLog, 'a', 0o600);
  try {
    const flags = ['up', '--json', ...(isSplit ? ['--split'] : []), ...(port === null ? [] : ['--port', String(port)])];
    const child = spawn(program, [...words, ...flags], {
      detached: true,
      stdio: ['ignore', events.fd, log.fd],
      env: { ...environment, SOLOIST_LOG_LEVEL: environment['SOLOIST_LOG_LEVEL'] ?? 'info' },
    });
    const ended = new Promise<number>((end, failed) => {
      child.once('exit', (code, signal) => end(code ?? (signal === null ? EXIT.failed : EXIT.interrupted)));
      child.once('error', failed);
    });
    ended.catch(() => undefined); // whoever waits hears it; a host that became ready is not waited for
    return {
      exitCode: () => child.exitCode ?? (child.signalCode === null ? null : EXIT.interrupted),
      ended,
      letGo: () => child.unref(),
      kill: () => void child.kill('SIGTERM'),
    };
  } finally {
    await events.close();
    await log.close();
  }
}

/** Whole lines only: the last one may still be written. */
async function eventsIn(file: string): Promise<readonly Line[]> {
  const content = await readFile(file, 'utf8');
  return content.split('\n').slice(0, -1).flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []));
}

async function lastLines({ hostLog }: HostPaths): Promise<string> {
  const lines = (await readFile(hostLog, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-LOG_LINES).map((line) => `  ${line}`).join('\n') || `  (nothing in ${hostLog})`;
}
