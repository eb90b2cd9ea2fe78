/**
 * One service in a process of its own, started again whenever it dies; on a link of its own to the broker.
 *
 * I1 a death that nobody asked for is mended at once; one that comes again and again before it was ready, ever more slowly
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Link } from '@soloist/testing';

const MAIN = fileURLToPath(new URL('../../../apps/host/src/service.main.ts', import.meta.url));
const REGISTER = fileURLToPath(new URL('../../../tools/register.mjs', import.meta.url));
const CLOCK = fileURLToPath(new URL('../../../libs/testing/src/chaos/clock-skew.ts', import.meta.url));
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;

export interface ServiceProcessOptions {
  /** `runtime`, or `runtime-2` for its twin. */
  readonly label: string;
  readonly service: string;
  readonly link: Link;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Holds the offset of this process's clock. */
  readonly clockFile: string;
}

export class ServiceProcess {
  starts = 0;
  private child: ChildProcess | null = null;
  private isReadyNow = false;
  private isStopping = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private again: NodeJS.Timeout | null = null;

  constructor(readonly options: ServiceProcessOptions) {}

  get label(): string {
    return this.options.label;
  }

  /** 0: it does not run. */
  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get isReady(): boolean {
    return this.isReadyNow;
  }

  start(): void {
    const { clockFile, environment, logFile, service } = this.options;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--conditions=@soloist/source', '--import', REGISTER, '--import', CLOCK, MAIN, service], {
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...environment, SOLOIST_CHAOS_CLOCK: clockFile },
    });
    closeSync(log);
    this.child = child;
    this.starts += 1;
    child.on('message', (message: { type?: string }) => {
      if (message.type !== 'ready') return;
      this.isReadyNow = true;
      this.backoffMs = FIRST_BACKOFF_MS;
    });
    child.once('exit', () => this.onExit());
  }

  /** Answers false when it is not there to be hit. */
  signal(name: NodeJS.Signals): boolean {
    return this.child?.kill(name) ?? false;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.again !== null) clearTimeout(this.again);
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  private onExit(): void {
    const wasReady = this.isReadyNow;
    this.isReadyNow = false;
    if (this.isStopping) return;
    this.again = setTimeout(() => this.start(), wasReady ? 0 : this.backoffMs);
    if (!wasReady) this.backoffMs = Math.min(this.backoffMs * 2, LONGEST_BACKOFF_MS);
  }
}
