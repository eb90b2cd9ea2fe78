import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBrokerBinary } from './binary.js';
import { portRange } from './broker.fixture.js';
import type { BrokerPorts } from './conf.js';
import { healthOf, servesStore } from './network.js';
import { isAlive } from './process-table.js';
import { pathsOf, startBrokerServer, type BrokerPaths, type BrokerServer } from './server.js';
import { removeWriteProbes } from './write-probes.js';

let folder: string;
let servers: BrokerServer[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-server-'));
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

function conf(name = 'test') {
  return (ports: BrokerPorts, paths: BrokerPaths): string =>
    [
      `server_name: "${name}"`,
      `listen: "127.0.0.1:${ports.client}"`,
      `http: "127.0.0.1:${ports.monitoring}"`,
      `log_file: "${paths.logFile}"`,
      `jetstream { store_dir: "${paths.storeFolder}", sync_interval: always }`,
      '',
    ].join('\n');
}

async function start(settings: { conf?: ReturnType<typeof conf>; binary?: string; from?: number; width?: number } = {}): Promise<BrokerServer> {
  const from = settings.from ?? portRange().from;
  const server = await startBrokerServer({
    binary: settings.binary ?? (await findBrokerBinary()),
    folder,
    portRange: { from, to: from + (settings.width ?? 1_000) },
    conf: settings.conf ?? conf(),
    startTimeoutMs: 15_000,
  });
  servers.push(server);
  return server;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/** A parent process of its own that starts a broker in the folder, says its pid, and then does nothing more. */
async function parentThatIsKilled(): Promise<number> {
  // The conf is fixed before the ports are known to be free: somebody else may have taken one of them.
  for (let port = portRange().from; port < portRange().to; port += 2) {
    const pid = await oneParentThatIsKilled(port);
    if (pid !== null) return pid;
  }
  throw new Error('no parent could start its broker: are all ports taken?');
}

/** Null when the parent could not start its broker. */
async function oneParentThatIsKilled(from: number): Promise<number | null> {
  const source = `
    import { startBrokerServer } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)};
    import { readFileSync } from 'node:fs';
    const started = await startBrokerServer(JSON.parse(process.argv[1], (key, value) => key === 'conf' ? () => value : value));
    process.stdout.write(String(started.pid));
    setInterval(() => {}, 1e9);`;
  const text = conf()({ client: from, monitoring: from + 1 }, pathsOf(folder));
  const options = JSON.stringify({ binary: await findBrokerBinary(), folder, portRange: { from, to: from + 1 }, conf: text });
  const loader = new URL('../../../../tools/register.mjs', import.meta.url).href;
  const parent = spawn(process.execPath, ['--conditions=@soloist/source', '--import', loader, '--input-type=module', '-e', source, options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(parent, 'exit');
  const said = await Promise.race([once(parent.stdout, 'data') as Promise<[Buffer]>, exited.then(() => null)]);
  if (said === null) return null;
  parent.kill('SIGKILL');
  await exited;
  return Number(said[0].toString());
}

describe('broker process', () => {
  test('is healthy when started, and gone when stopped', async () => {
    const server = await start();
    expect(server.version).toMatch(/^2\.\d+\.\d+$/);
    expect(server.isTakenOver).toBe(false);
    expect((await healthOf(server.healthUrl)).isHealthy).toBe(true);
    await server.stop();
    expect(server.isRunning()).toBe(false);
    expect((await healthOf(server.healthUrl)).isHealthy).toBe(false);
    await server.stop();
  });

  test('I1: a second start uses the running broker on', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ pid: first.pid, isTakenOver: true, url: first.url });
  });

  test('I1: the broker of a parent killed with -9 is found and used on', async () => {
    const orphan = await parentThatIsKilled();
    expect(isAlive(orphan)).toBe(true);
    const server = await start();
    expect(server).toMatchObject({ pid: orphan, isTakenOver: true });
    await server.stop();
    expect(isAlive(orphan)).toBe(false);
  });

  test('I1: a running broker with another configuration is stopped and started with the new one', async () => {
    const before = await start();
    const after = await start({ conf: conf('renamed') });
    expect(before.isRunning()).toBe(false);
    expect(after.isTakenOver).toBe(false);
    expect(await readFile(pathsOf(folder).confFile, 'utf8')).toContain('renamed');
  });

  test('two starts at once end with one broker', async () => {
    const results = await Promise.allSettled([start(), start()]);
    const started = results.filter((result) => result.status === 'fulfilled');
    const refused = results.filter((result) => result.status === 'rejected');
    expect(new Set(started.map(({ value }) => value.pid)).size).toBe(1);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'broker-start-in-progress' });
  });

  test('I2: a stale pid file that names a foreign process leaves it alone', async () => {
    const stranger = spawn('sleep', ['600']);
    const { from } = portRange();
    await writeFile(pathsOf(folder).pidFile, JSON.stringify({ pid: stranger.pid, ports: { client: from, monitoring: from + 1 } }));
    const server = await start();
    expect(server.isTakenOver).toBe(false);
    expect(isAlive(stranger.pid as number)).toBe(true);
    stranger.kill();
  });

  test.each(['', '{"pid":', '{"pid":"x"}'])('a torn pid file %j is no obstacle', async (content) => {
    await writeFile(pathsOf(folder).pidFile, content);
    expect((await start()).isTakenOver).toBe(false);
  });

  test('a lock left by a killed start is taken over', async () => {
    await writeFile(join(folder, 'start.lock'), '999999999 1');
    expect((await start()).isRunning()).toBe(true);
  });

  test('taken ports are passed over; the same ports are kept over a restart', async () => {
    const from = portRange().from + 200;
    const blocker = await occupy(from);
    const first = await start({ from });
    expect(first.ports.client).toBeGreaterThan(from);
    await first.stop();
    blocker.close();
    await once(blocker, 'close');
    expect((await start({ from })).ports).toEqual(first.ports);
  });

  test('I3: brokers of several folders that start at once each get ports of their own', async () => {
    const { from } = portRange();
    const binary = await findBrokerBinary();
    const folders = await Promise.all(Array.from({ length: 5 }, (_, index) => mkdtemp(join(folder, `home-${index}-`))));
    const started = await Promise.all(folders.map((home) => startBrokerServer({ binary, folder: home, portRange: { from, to: from + 1_000 }, conf: conf(), startTimeoutMs: 15_000 })));
    servers.push(...started);
    expect(new Set(started.flatMap(({ ports }) => [ports.client, ports.monitoring])).size).toBe(10);
    expect(started.every((server) => server.isRunning())).toBe(true);
    for (const [index, home] of folders.entries()) expect(await servesStore(new URL(started[index]?.healthUrl ?? '').origin, pathsOf(home).storeFolder)).toBe(true);
  });

  test('I5: what a broker killed in the middle of its start left in the store is no obstacle, and an account of such a name is kept', async () => {
    const accounts = join(pathsOf(folder).storeFolder, 'jetstream');
    await mkdir(join(accounts, '_test_2'), { recursive: true });
    await writeFile(join(accounts, '_test_1400143384'), '');
    await removeWriteProbes(pathsOf(folder).storeFolder);
    expect(await readdir(accounts)).toEqual(['_test_2']);
    await rm(join(accounts, '_test_2'), { recursive: true });
    await writeFile(join(accounts, '_test_1400143384'), '');
    expect((await start()).isRunning()).toBe(true);
    expect(await readdir(accounts)).not.toContain('_test_1400143384');
  });

  test('no free port is said so', async () => {
    const from = portRange().from + 300;
    const blockers = [await occupy(from), await occupy(from + 1)];
    await expect(start({ from, width: 2 })).rejects.toMatchObject({ kind: 'transient', code: 'no-free-port' });
    for (const blocker of blockers) blocker.close();
  });

  test('a configuration that the broker refuses is reported with its own words, and nothing is left running', async () => {
    await expect(start({ conf: () => 'no_such_option: 1\n' })).rejects.toThrow(/did not start: it ended at once: .*no_such_option/);
  });

  test('a store that cannot be recovered is never served', async () => {
    const first = await start();
    await first.stop();
    // Without its store folder being one, JetStream cannot start: the broker says so and ends or stays unhealthy.
    await rm(pathsOf(folder).storeFolder, { recursive: true });
    await writeFile(pathsOf(folder).storeFolder, 'not a folder');
    await expect(start()).rejects.toThrow();
  });

  test('an old binary is refused by its version before it is run on the store', async () => {
    const old = join(folder, 'old-nats-server');
    await writeFile(old, '#!/bin/sh\necho "nats-server: v2.9.10"\n');
    await chmod(old, 0o755);
    await expect(start({ binary: old })).rejects.toMatchObject({ kind: 'invalid', code: 'broker-too-old', message: expect.stringContaining('2.9.10') });
    await expect(start({ binary: join(folder, 'absent') })).rejects.toMatchObject({ code: 'broker-not-runnable' });
  });
});
