/** The life of a host through the command line: real broker, real database, real processes, real signals. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type Told } from './fake-instance.js';

interface HostFile {
  readonly pid: number;
  readonly api: string;
  readonly bus: { readonly pid: number; readonly url: string };
  readonly database: { readonly pid: number };
  readonly services: readonly { readonly name: string; readonly pid: number }[];
}

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'soloist-life-'));
  folder = join(parent, 'data');
});
afterEach(async () => {
  await soloist('down');
  await rm(parent, { recursive: true, force: true });
});

function soloist(...words: string[]): Promise<Told> {
  return runCli(words, { env: { SOLOIST_DATA_DIR: folder } });
}

async function host(): Promise<HostFile> {
  return JSON.parse(await readFile(join(folder, 'run', 'host.json'), 'utf8')) as HostFile;
}

async function eventually<T>(what: string, look: () => Promise<T | null>, timeoutMs = 90_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Every process whose command line names this installation's folder, except those of the question itself. */
async function processesOfFolder(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const isZombie = /^\d+ \(.*\) Z/s.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
    if (!isZombie && (line.includes(folder) || environment.includes(`SOLOIST_DATA_DIR=${folder}`))) found.push(`${pid} ${line}`);
  }
  return found;
}

async function ready(...flags: string[]): Promise<HostFile> {
  const told = await soloist('up', '--detach', ...flags);
  expect(told.code, told.stdout + told.stderr).toBe(0);
  return host();
}

describe('a host in the background', () => {
  it('is ready when `up --detach` returns, keeps its folder closed, and leaves nothing running when it is taken down', async () => {
    const { api } = await ready();
    expect((await fetch(`${api}/health`)).status).toBe(200);
    for (const path of ['', 'keep', 'secrets', 'run']) expect((await stat(join(folder, path))).mode & 0o777, path).toBe(0o700);
    for (const name of await readdir(join(folder, 'secrets'))) if (!name.endsWith('.pub')) expect((await stat(join(folder, 'secrets', name))).mode & 0o077, name).toBe(0);
    expect((await soloist('status')).code).toBe(0);
    const doctor = await soloist('doctor', '--json');
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(await soloist('down')).toMatchObject({ code: 0, stdout: expect.stringContaining('stopped') as string });
    expect(await processesOfFolder()).toEqual([]);
    expect((await soloist('status')).code).toBe(9);
  });

  it('survives the death of its broker and its database: both come back, and the API answers again', async () => {
    const before = await ready();
    process.kill(before.bus.pid, 'SIGKILL');
    process.kill(before.database.pid, 'SIGKILL');
    const after = await eventually('both parts again', async () => {
      const now = await host();
      return now.bus.pid !== before.bus.pid && now.database.pid !== before.database.pid ? now : null;
    });
    expect(after).toMatchObject({ pid: before.pid, bus: { url: before.bus.url } });
    await eventually('a healthy host', async () => ((await soloist('status')).code === 0 ? true : null));
    await eventually('rows from the log', async () => ((await soloist('run', 'list')).code === 0 ? true : null));
  });

  it('that was killed is succeeded by the next start, on the broker and the database it left', async () => {
    const before = await ready();
    process.kill(before.pid, 'SIGKILL');
    await eventually('the end of the host', async () => ((await soloist('status')).code === 9 ? true : null));
    const after = await ready();
    expect(after.bus.pid).toBe(before.bus.pid);
    expect(after.database.pid).toBe(before.database.pid);
    expect((await soloist('status')).code).toBe(0);
  });

  it('that was killed leaves nothing after `down`', async () => {
    const before = await ready();
    process.kill(before.pid, 'SIGKILL');
    const told = await soloist('down', '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({ type: 'down.finished', leftovers: expect.arrayContaining(['bus', 'database']) as string[] });
    expect(await processesOfFolder()).toEqual([]);
  });

  it('refuses a second host on its folder, names process and address, and is not harmed', async () => {
    const { pid, api } = await ready();
    for (const words of [['up'], ['up', '--detach'], ['up', '--split']]) {
      const told = await soloist(...words);
      expect(told.code).toBe(1);
      expect(told.stderr).toContain(`process ${pid}`);
      expect(told.stderr).toContain(api);
    }
    expect((await soloist('status')).code).toBe(0);
  });
});

describe('a start that fails', () => {
  it.each([['one process', []], ['five processes', ['--split']]])('leaves nothing running and says why, with %s', async (_name, flags) => {
    const told = await runCli(['up', '--detach', '--json', ...flags], { env: { SOLOIST_DATA_DIR: folder, SOLOIST_COMPANY_DAY_LIMIT_MICROS: 'many' } });
    expect(told.code).toBe(1);
    const last = JSON.parse(told.stdout.trim().split('\n').at(-1) ?? '') as { type: string; message: string };
    expect(last.type).toBe('error');
    expect(last.message).toContain('SOLOIST_COMPANY_DAY_LIMIT_MICROS');
    expect(await processesOfFolder()).toEqual([]);
    // Nothing of it stands in the way of a good start.
    await ready(...flags);
  });

  it('a pinned port that is taken ends with exit code 1 and names the port', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    try {
      const told = await soloist('up', '--port', String(port));
      expect(told.code).toBe(1);
      expect(told.stderr).toContain(`port ${port}`);
      expect(await processesOfFolder()).toEqual([]);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  });
});

describe('five processes', () => {
  it('each is started again when it is killed, and none outlives a killed host', async () => {
    const before = await ready('--split');
    expect(new Set(before.services.map(({ pid }) => pid)).size).toBe(5);
    for (const { pid } of before.services) process.kill(pid, 'SIGKILL');
    await eventually('five new processes', async () => {
      const { services } = await host();
      return services.every(({ name, pid }) => pid !== before.services.find((service) => service.name === name)?.pid) ? true : null;
    });
    await eventually('a healthy host', async () => ((await soloist('status')).code === 0 ? true : null));
    const { pid, services } = await host();
    process.kill(pid, 'SIGKILL');
    await eventually('the end of the services', async () => {
      const left = (await processesOfFolder()).filter((line) => services.some((service) => line.startsWith(`${service.pid} `)));
      return left.length === 0 ? true : null;
    });
    await ready('--split');
    expect((await soloist('status')).code).toBe(0);
  });
});
