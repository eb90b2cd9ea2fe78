/**
 * What the keep remembers of the log: the anchors of the broker's set-up, the heads it has signed, and the heads of the
 * last check that found everything whole. A head covers all messages before it, so what was checked once cannot be changed unnoticed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';
import { z } from 'zod';
import { replaceDurably } from '../durable-file.js';
import { readKeepManifest } from './keep-manifest.js';
import { LOG_PUBLIC_KEY_FILE } from './log-key.js';
import { SIGNED_HEADS_FILE, signedHeads } from './signed-heads.js';
import type { LogCheckReport, Remembered } from '../verify/log-check.js';

const VerifiedHeads = z.strictObject({
  version: z.literal(1),
  streams: z.record(z.string(), z.strictObject({ sequence: z.int().nonnegative(), head: z.string().regex(/^[0-9a-f]{64}$/) })),
});

/** By stream name. @throws Fault invalid keep-unreadable */
export async function recordedHeads(keepFolder: string): Promise<ReadonlyMap<string, readonly Remembered[]>> {
  const found = new Map<string, Remembered[]>();
  const add = (stream: string, head: Remembered): void => void found.set(stream, [...(found.get(stream) ?? []), head]);
  const manifest = await readKeepManifest(keepFolder);
  for (const [stream, { lastSequence, digest }] of Object.entries(manifest?.anchors ?? {})) {
    if (stream.startsWith('EVENTS-')) add(stream, { sequence: lastSequence, of: 'message', digest, check: 'anchor' });
  }
  for (const [stream, { sequence, head }] of Object.entries(await verifiedHeads(keepFolder))) {
    add(stream, { sequence, of: 'head', digest: head, check: 'verified-head' });
  }
  for (const { stream, sequence, head } of await signedHeads(keepFolder)) add(stream, { sequence, of: 'head', digest: head, check: 'signed-head' });
  return found;
}

/** Call it only with a report that found everything whole. */
export async function recordVerified(keepFolder: string, report: LogCheckReport): Promise<void> {
  if (!report.isWhole) throw new RangeError('heads of a broken log are not recorded');
  const streams = Object.fromEntries(report.streams.map(({ stream, lastSequence, head }) => [stream, { sequence: lastSequence, head }]));
  await replaceDurably(verifiedFile(keepFolder), `${JSON.stringify({ version: 1, streams }, null, 2)}\n`);
}

/** The keep's files that belong to the log and not to its keys: they are backed up with the log. */
export const HEAD_FILES = ['streams.json', 'verified-heads.json', SIGNED_HEADS_FILE, LOG_PUBLIC_KEY_FILE] as const;

function verifiedFile(keepFolder: string): string {
  return join(keepFolder, HEAD_FILES[1]);
}

async function verifiedHeads(keepFolder: string): Promise<z.output<typeof VerifiedHeads>['streams']> {
  const file = verifiedFile(keepFolder);
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Fault('invalid', 'keep-unreadable', `${file} cannot be read (${error.code ?? 'unknown'}). Fix its owner and mode, or restore the keep from a backup.`, { cause: error });
  });
  if (content === null) return {};
  try {
    return VerifiedHeads.parse(JSON.parse(content)).streams;
  } catch (cause) {
    throw new Fault('invalid', 'keep-unreadable', `${file} is damaged. Restore the keep from a backup.`, { cause });
  }
}
