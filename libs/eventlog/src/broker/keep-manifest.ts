/**
 * The keep's memory of the log: which streams must exist, and how far each had come. It is what tells a lost or
 * truncated stream from a new one, so it lies apart from the broker's store and is backed up apart.
 *
 * I1 written as a whole and synced, or not at all
 * I2 the stream count and the list of streams are fixed by the first install
 * I3 an anchor only moves forward within one installation
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STREAM_COUNTS, type StreamCount } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import { z } from 'zod';
import { replaceDurably } from '../durable-file.js';

/** The last message of a stream when it was looked at: if the stream has less, or another one there, it is not our log. */
const Anchor = z.strictObject({
  lastSequence: z.int().nonnegative(),
  /** SHA-256 over subject, headers and payload; null for an empty stream. */
  digest: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
});
export type Anchor = z.output<typeof Anchor>;

const KeepManifest = z.strictObject({
  version: z.literal(1),
  /** `installing` until every stream of the first install was made and read back. */
  state: z.enum(['installing', 'installed']),
  streamCount: z.literal(STREAM_COUNTS),
  streams: z.array(z.string()),
  anchors: z.record(z.string(), Anchor),
});
export type KeepManifest = z.output<typeof KeepManifest>;

export function keepManifestFile(keepFolder: string): string {
  return join(keepFolder, 'streams.json');
}

/** Null when there is none. @throws Fault invalid when it cannot be read: guessing would risk the log */
export async function readKeepManifest(keepFolder: string): Promise<KeepManifest | null> {
  const file = keepManifestFile(keepFolder);
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Fault('invalid', 'keep-unreadable', `${file} cannot be read (${error.code ?? 'unknown'}). Fix its owner and mode, or restore the keep from a backup.`, { cause: error });
  });
  if (content === null) return null;
  const parsed = KeepManifest.safeParse(jsonOrNull(content));
  if (parsed.success) return parsed.data;
  throw new Fault('invalid', 'keep-unreadable', `${file} is damaged. Restore the keep from a backup; nothing was created.`);
}

export async function writeKeepManifest(keepFolder: string, manifest: KeepManifest): Promise<void> {
  await replaceDurably(keepManifestFile(keepFolder), `${JSON.stringify(manifest, null, 2)}\n`);
}

export function newKeepManifest(streamCount: StreamCount, streams: readonly string[]): KeepManifest {
  return { version: 1, state: 'installing', streamCount, streams: [...streams], anchors: {} };
}

function jsonOrNull(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
