/** What a process costs, as the kernel counts it. Linux only: the figures are made there. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const TICK_MS = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a process so far, in ms, as fine as the kernel's ticks. */
export function cpuMillisOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory, in bytes. */
export function residentBytesOf(pid: number): number {
  return kibibytesIn(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS');
}

/** Proportional memory, in bytes: a page that n processes share counts an n-th in each, so that sums are true. */
export function proportionalBytesOf(pid: number): number {
  return kibibytesIn(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss');
}

/** A process and all that it and its children have started. */
export function familyOf(pid: number): readonly number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(parents.get(member) ?? []));
  return family;
}

/** What is reachable on this process's heap, in bytes. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Finalizers of the first may free what only the second collects.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function parentOf(pid: number): number | null {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return null; // It has ended meanwhile.
  }
}

/** The fields after the name, which is in brackets and may hold anything. */
function statOf(pid: number): readonly string[] {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return line.slice(line.lastIndexOf(')') + 2).split(' ');
}

function kibibytesIn(text: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+([0-9]+) kB$`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`the kernel does not tell ${name}`);
  return Number(found) * 1_024;
}
