import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLockLeft, lockHolder, takeLock } from './folder-lock.js';
import { birthOf } from './processes.js';

let folder: string;
let file: string;
/** Where the first holder stands. */
let first: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-lock-'));
  file = join(folder, 'lock');
  first = join(folder, 'lock.1');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((ended) => child.once('exit', ended));
  return child.pid ?? 0;
}

describe('the lock of a data folder', () => {
  it('I1: a second taker is refused, told who holds it, and changes nothing', async () => {
    const lock = await takeLock(file, folder);
    const before = await readFile(first, 'utf8');
    await expect(takeLock(file, folder)).rejects.toMatchObject({ code: 'host.already-running', message: expect.stringContaining(`process ${process.pid}`) as string });
    expect(await readFile(first, 'utf8')).toBe(before);
    await lock.release();
    expect(await lockHolder(file)).toBeNull();
  });

  it('I1: of many that start at once on a stale lock exactly one gets it', async () => {
    await writeFile(first, JSON.stringify({ pid: await deadPid(), birth: '1' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(file, folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  });

  it('I2: the lock of a dead process is taken over', async () => {
    const pid = await deadPid();
    await writeFile(first, JSON.stringify({ pid, birth: '1' }));
    expect(await lockHolder(file)).toBeNull();
    await takeLock(file, folder);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  });

  it('I2: a living process that was given the number of the dead holder does not hold it', async () => {
    await writeFile(first, JSON.stringify({ pid: process.pid, birth: `${await birthOf(process.pid)}0` }));
    expect(await lockHolder(file)).toBeNull();
    await takeLock(file, folder);
  });

  it.each(['', 'nonsense', '{}', '{"pid":-1,"birth":"1"}', '{"pid":"7","birth":"1"}'])('a torn file holds nothing: %j', async (content) => {
    await writeFile(first, content);
    await takeLock(file, folder);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  });

  it('I1: of many that start and stop all the time no two hold it at once', async () => {
    let [held, turns] = [0, 0];
    const taker = async (): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) {
        const lock = await takeLock(file, folder).catch(() => null);
        if (lock === null) continue;
        held += 1;
        turns += 1;
        expect(held).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        held -= 1;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 6 }, taker));
    expect(turns).toBeGreaterThan(5);
  });

  it('I2: a lock that was let go is free, one that was left behind says so', async () => {
    const lock = await takeLock(file, folder);
    expect(await isLockLeft(file)).toBe(false);
    await lock.release();
    expect([await lockHolder(file), await isLockLeft(file)]).toEqual([null, false]);
    await writeFile(join(folder, 'lock.9'), JSON.stringify({ pid: await deadPid(), birth: '1' }));
    expect(await isLockLeft(file)).toBe(true);
  });
});
