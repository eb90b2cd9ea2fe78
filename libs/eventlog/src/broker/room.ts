/**
 * How much room the disk of a store has (GUARANTEES G21). The intake takes nothing new when there is too little, so that
 * what was taken in can still be brought to an end.
 *
 * I1 a tenth of the disk is kept free, and no more than 1 GiB: on a large disk a tenth would be far more than work needs
 */
import { statfs } from 'node:fs/promises';

export interface Room {
  readonly folder: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** With less than this nothing new is taken in. */
  readonly keptFreeBytes: number;
  readonly isLow: boolean;
}

const SHARE_KEPT_FREE = 0.1;
const MOST_KEPT_FREE_BYTES = 1024 ** 3;
const MIB = 1024 ** 2;

/** What an ordinary user may still write below this folder. @throws the system's own error when there is no such folder */
export async function roomAt(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return roomOf(folder, bavail * bsize, blocks * bsize);
}

export function roomOf(folder: string, freeBytes: number, totalBytes: number): Room {
  const keptFreeBytes = Math.min(totalBytes * SHARE_KEPT_FREE, MOST_KEPT_FREE_BYTES);
  return { folder, freeBytes, totalBytes, keptFreeBytes, isLow: freeBytes < keptFreeBytes };
}

/** For people: `3 of 48 MiB free at /path`. */
export function roomLine({ folder, freeBytes, totalBytes }: Room): string {
  return `${Math.floor(freeBytes / MIB)} of ${Math.floor(totalBytes / MIB)} MiB free at ${folder}`;
}
