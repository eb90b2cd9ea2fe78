/**
 * Five processes, one per service, each restarted when it dies.
 *
 * I1 a service process never outlives its host: it stops when the channel to it closes
 * I2 restarts back off, so that a service that cannot start does not eat the machine; one that ran well starts at once
 * I3 a stop that has begun is final: nothing is restarted after it
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { secondsSince } from '../progress.js';
import { untilEnded } from '../processes.js';
import { SERVICES, type ServiceName } from './names.js';
import { isServiceMessage, WIRING_VARIABLE } from './service-channel.js';
import type { ServiceGroup, ServiceGroupOptions } from './service-group.js';

const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 10_000;
/** Running this long counts as well, and the next restart is at once again. */
const RAN_WELL_MS = 30_000;
const READY_TIMEOUT_MS = 60_000;
/** Kept to say why a service died. */
const LAST_LINES = 8;

/** @throws the first failure, after the processes that did start were stopped */
export async function startProcesses(options: ServiceGroupOptions): Promise<ServiceGroup> {
  const processes = SERVICES.map((name) => new ServiceProcess(name, options));
  const group: ServiceGroup = {
    get entries() {
      return processes.map(({ name, pid }) => ({ name, pid }));
    },
    stop: async (timeoutMs) => (await Promise.all(processes.map((one) => one.stop(timeoutMs)))).flatMap((name) => (name === null ? [] : [name])),
  };
  try {
    await Promise.all(processes.map((one) => one.start()));
    return group;
  } catch (error) {
    await group.stop(2_000);
    throw error;
  }
}

class ServiceProcess {
  pid = 0;
  private child: ChildProcess | null = null;
  private isStopping = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private readonly lastLines: string[] = [];

  constructor(
    readonly name: ServiceName,
    private readonly options: ServiceGroupOptions,
  ) {}

  /** Resolves when the service says it is ready. */
  async start(): Promise<void> {
    const child = this.launch();
    const started = performance.now();
    let isReady = false;
    child.once('exit', (code, signalName) => {
      // Before it was ready the caller hears of it; afterwards it is ours to mend.
      if (!this.isStopping && child === this.child && isReady) this.restart(code, signalName, performance.now() - started);
    });
    await this.untilReady(child);
    isReady = true;
  }

  async stop(timeoutMs: number): Promise<string | null> {
    this.isStopping = true;
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    child.kill('SIGTERM');
    if (await untilEnded(child.pid, timeoutMs)) return null;
    child.kill('SIGKILL');
    await untilEnded(child.pid, 2_000);
    return this.name;
  }

  private launch(): ChildProcess {
    const source = import.meta.url.endsWith('.ts') ? '../service.main.ts' : '../service.main.js';
    const program = fileURLToPath(new URL(source, import.meta.url));
    const child = spawn(process.execPath, [...process.execArgv, program, this.name], {
      // Its own process group: Ctrl-C in the terminal reaches the host, and the host lets its services finish.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...this.options.environment(this.name), [WIRING_VARIABLE]: JSON.stringify(this.options.wiring(this.name)) },
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.take(line));
    }
    this.child = child;
    this.pid = child.pid ?? 0;
    return child;
  }

  private take(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > LAST_LINES) this.lastLines.shift();
    this.options.onLine(this.name, line);
  }

  private untilReady(child: ChildProcess): Promise<void> {
    return new Promise((ready, failed) => {
      const fail = (why: string): void => {
        clearTimeout(timer);
        failed(new Error(`${this.name}: ${why}`));
      };
      const timer = setTimeout(() => fail(`not ready within ${READY_TIMEOUT_MS / 1_000} s. ${this.lastLines.join(' | ')}`), READY_TIMEOUT_MS);
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, name) => fail(`${ending(code, name)}. ${this.lastLines.join(' | ')}`));
      child.on('message', (message) => {
        if (!isServiceMessage(message)) return;
        if (message.type === 'failed') return fail(message.because);
        clearTimeout(timer);
        ready();
      });
    });
  }

  private restart(code: number | null, signalName: NodeJS.Signals | null, ranMs: number): void {
    this.options.onDied(this.name, ending(code, signalName));
    if (ranMs > RAN_WELL_MS) this.backoffMs = FIRST_BACKOFF_MS;
    const wait = this.backoffMs;
    this.backoffMs = Math.min(this.backoffMs * 2, LONGEST_BACKOFF_MS);
    setTimeout(() => void this.startAgain(), wait);
  }

  private async startAgain(): Promise<void> {
    if (this.isStopping) return;
    const started = performance.now();
    try {
      await this.start();
      this.options.onRestarted(this.name, this.pid, secondsSince(started));
    } catch (error) {
      const { child } = this;
      if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      if (!this.isStopping) this.restart(child?.exitCode ?? null, child?.signalCode ?? null, 0);
      this.options.onLine(this.name, `did not start again: ${String(error)}`);
    }
  }
}

function ending(code: number | null, signalName: NodeJS.Signals | null): string {
  return signalName === null ? `it ended with code ${code ?? 'unknown'}` : `it was ended by ${signalName}`;
}
