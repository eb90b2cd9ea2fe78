/** Against real PostgreSQL 18, under whatever user runs the tests. */
import { createRequire } from 'node:module';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostPaths, makeFolders, type HostPaths } from '../paths.js';
import { isAlive, untilEnded } from '../processes.js';
import { leftBehind, startDatabase, stopPostgres, type Database } from './database.js';

interface Client {
  connect(): Promise<void>;
  query(sql: string): Promise<{ rows: readonly Record<string, unknown>[] }>;
  end(): Promise<void>;
}
// The driver that the ORM brings; it has no types of its own.
const { Client: PgClient } = createRequire(import.meta.url)('pg') as { Client: new (options: { connectionString: string }) => Client };

let parent: string;
let paths: HostPaths;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'soloist-pg-'));
  // As a clone under /root: nobody but us may even pass through.
  await chmod(parent, 0o700);
  paths = hostPaths(join(parent, 'data'));
  await makeFolders(paths);
});

afterEach(async () => {
  const left = await leftBehind(paths.database);
  if (left !== null) await stopPostgres(left.pid, paths.database);
  await rm(parent, { recursive: true, force: true });
});

async function ask(database: Database, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new PgClient({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded database', () => {
  it('is made in a folder that is closed to others, for a role that is no superuser, and can install the extensions we need', async () => {
    const database = await startDatabase(paths, null);
    expect(database.isNew).toBe(true);
    expect((await stat(paths.folder)).mode & 0o777).toBe(0o700);
    expect((await stat(paths.databasePassword)).mode & 0o777).toBe(0o600);
    const [role] = await ask(database, 'select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user');
    expect(role).toEqual({ rolsuper: false, rolcreatedb: true, rolcreaterole: false });
    await ask(database, 'create extension pg_trgm');
    await expect(ask(database, "select pg_read_file('/etc/hostname')")).rejects.toThrow(/permission denied/);
  });

  it('lets in nobody without the password, and nobody as superuser', async () => {
    const database = await startDatabase(paths, null);
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    await expect(ask({ ...database, url: wrong.href }, 'select 1')).rejects.toThrow(/password authentication failed/);
    wrong.username = 'postgres';
    await expect(ask({ ...database, url: wrong.href }, 'select 1')).rejects.toThrow(/pg_hba.conf/);
  });

  it('I2: is used on when an earlier host was killed and left it', async () => {
    const before = await startDatabase(paths, null);
    await ask(before, 'create table kept (n int)');
    const after = await startDatabase(paths, null);
    expect(after).toMatchObject({ pid: before.pid, address: before.address, isNew: false });
    expect(await ask(after, 'select * from kept')).toEqual([]);
  });

  it('comes back on its port with its rows after kill -9', async () => {
    const before = await startDatabase(paths, null);
    await ask(before, 'create table kept (n int)');
    process.kill(before.pid ?? 0, 'SIGKILL');
    expect(await untilEnded(before.pid ?? 0, 5_000)).toBe(true);
    expect(before.isRunning()).toBe(false);
    const after = await startDatabase(paths, Number(before.address.split(':')[1]));
    expect(after.address).toBe(before.address);
    expect(await ask(after, 'select * from kept')).toEqual([]);
  });

  it('is made anew when its folder was deleted, or when its password was lost', async () => {
    const first = await startDatabase(paths, null);
    await first.stop();
    expect(isAlive(first.pid ?? 0)).toBe(false);
    await rm(paths.database, { recursive: true });
    const second = await startDatabase(paths, null);
    expect(second.isNew).toBe(true);
    await rm(paths.databasePassword);
    const third = await startDatabase(paths, null);
    expect(third.isNew).toBe(true);
    expect(await ask(third, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('I1: never signals a process that only has the number of a postmaster', async () => {
    const database = await startDatabase(paths, null);
    await database.stop();
    await stopPostgres(process.pid, paths.database);
    expect(isAlive(process.pid)).toBe(true);
  });

  it('a cluster of another major version is refused with what to do, and left as it is', async () => {
    await (await startDatabase(paths, null)).stop();
    await writeFile(join(paths.database, 'PG_VERSION'), '15\n');
    await expect(startDatabase(paths, null)).rejects.toMatchObject({ code: 'host.database-failed', message: expect.stringContaining('PostgreSQL 15') as string, next: expect.stringContaining('delete') as string });
    expect((await stat(join(paths.database, 'PG_VERSION'))).isFile()).toBe(true);
  });
});
