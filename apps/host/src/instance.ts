/** What a running host says about itself, for everyone who wants to reach or stop it. Written whole, removed at the end. */
import { rm } from 'node:fs/promises';
import { readIfThere, replaceDurably } from '@soloist/eventlog/durable-file';
import type { StreamCount } from '@soloist/contracts';
import { lockHolder } from './folder-lock.js';
import type { HostPaths } from './paths.js';

export interface ServiceEntry {
  readonly name: string;
  readonly pid: number;
}

export interface Instance {
  readonly schema: 1;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly dataDir: string;
  readonly mode: 'single' | 'split';
  readonly isReady: boolean;
  readonly api: string | null;
  readonly smtp: { readonly host: string; readonly port: number } | null;
  /** A part without pid is not ours: an external server. */
  readonly bus: { readonly pid: number | null; readonly url: string; readonly healthUrl: string; readonly version: string; readonly streams: StreamCount } | null;
  readonly database: { readonly pid: number | null; readonly address: string; readonly version: string } | null;
  readonly services: readonly ServiceEntry[];
}

export async function writeInstance(paths: HostPaths, instance: Instance): Promise<void> {
  await replaceDurably(paths.instance, `${JSON.stringify(instance, null, 2)}\n`);
}

export async function removeInstance(paths: HostPaths): Promise<void> {
  await rm(paths.instance, { force: true });
}

/** What the last host wrote, whether it still runs or not. */
export async function recordedInstance(paths: HostPaths): Promise<Instance | null> {
  const content = await readIfThere(paths.instance);
  if (content === null) return null;
  try {
    const parsed = JSON.parse(content) as Instance;
    return parsed.schema === 1 && Number.isInteger(parsed.pid) && Array.isArray(parsed.services) ? parsed : null;
  } catch {
    return null;
  }
}

/** The host that runs on this folder now, or null. One that is still starting may have no addresses yet. */
export async function runningInstance(paths: HostPaths): Promise<Instance | null> {
  const holder = await lockHolder(paths.lock);
  const recorded = await recordedInstance(paths);
  return holder !== null && recorded?.pid === holder.pid ? recorded : null;
}
