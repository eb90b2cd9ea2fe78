import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { roomAt, roomLine, roomOf } from './room.js';

const GIB = 1024 ** 3;

it('a tenth of a small disk is kept free, and a gibibyte of a large one [G21]', () => {
  expect(roomOf('/x', 0.99 * GIB, 10 * GIB).isLow).toBe(true);
  expect(roomOf('/x', 1.01 * GIB, 10 * GIB).isLow).toBe(false);
  expect(roomOf('/x', 0.099 * GIB, GIB).isLow).toBe(true);
  expect(roomOf('/x', 0.101 * GIB, GIB).isLow).toBe(false);
  expect(roomOf('/x', 0.99 * GIB, 1_000 * GIB).isLow).toBe(true);
  expect(roomOf('/x', 1.01 * GIB, 1_000 * GIB).isLow).toBe(false);
  expect(roomOf('/x', 0, 0.001 * GIB).isLow).toBe(true);
});

it('asks the file system, and says it in words', async () => {
  const room = await roomAt(tmpdir());
  expect(room.totalBytes).toBeGreaterThan(room.freeBytes);
  expect(roomLine(roomOf('/x', 3 * 1024 ** 2, 48 * 1024 ** 2))).toBe('3 of 48 MiB free at /x');
  await expect(roomAt('/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
});
