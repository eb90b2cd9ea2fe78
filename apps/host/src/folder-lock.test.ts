import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHolder, takeLock } from './folder-lock.js';
import { birthOf } from './processes.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-lock-'));
  file = join(folder, 'lock');
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
    const before = await readFile(file, 'utf8');
    await expect(takeLock(file, folder)).rejects.toMatchObject({ code: 'host.already-running', message: expect.stringContaining(`process ${process.pid}`) as string });
    expect(await readFile(file, 'utf8')).toBe(before);
    await lock.release();
    expect(await lockHolder(file)).toBeNull();
  });

  it('I1: of many that start at once on a stale lock exactly one gets it', async () => {
    await writeFile(file, JSON.stringify({ pid: await deadPid(), birth: '1' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(file, folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  });

  it('I2: the lock of a dead process is taken over', async () => {
    const pid = await deadPid();
    await writeFile(file, JSON.stringify({ pid, birth: '1' }));
    expect(await lockHolder(file)).toBeNull();
    await takeLock(file, folder);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  });

  it('I2: a living process that was given the number of the dead holder does not hold it', async () => {
    await writeFile(file, JSON.stringify({ pid: process.pid, birth: `${await birthOf(process.pid)}0` }));
    expect(await lockHolder(file)).toBeNull();
    await takeLock(file, folder);
  });

  it.each(['', 'nonsense', '{}', '{"pid":-1,"birth":"1"}', '{"pid":"7","birth":"1"}'])('a torn file holds nothing: %j', async (content) => {
    await writeFile(file, content);
    await takeLock(file, folder);
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  });

  it('letting go removes no lock of another', async () => {
    const lock = await takeLock(file, folder);
    const other = JSON.stringify({ pid: 1, birth: await birthOf(1) });
    await writeFile(file, other);
    await lock.release();
    expect(await readFile(file, 'utf8')).toBe(other);
  });
});
