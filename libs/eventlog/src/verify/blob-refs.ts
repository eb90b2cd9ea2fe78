/**
 * The blobs that commits name. A blob is named by the hash of its sealed bytes, so anybody can tell, without a key, whether
 * what is stored is what was named.
 */
import { blobSubject, BLOBS_STREAM, BlobRef, type AnyEvent, type Context } from '@soloist/contracts';
import { sha256Hex } from '../commit-id.js';
import type { Broker } from '../log/broker.port.js';

/** Every reference in some events, however deep it lies. */
export function blobRefsIn(events: readonly AnyEvent[]): readonly BlobRef[] {
  const found: BlobRef[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    // Looked at by its members first: a schema that fails costs more than all the rest.
    const ref = 'sha256' in value && 'chunks' in value ? BlobRef.safeParse(value) : null;
    if (ref?.success === true) found.push(ref.data);
    else for (const part of Object.values(value)) look(part);
  };
  for (const { data } of events) look(data);
  return found;
}

/** Null when the stored bytes are those the reference names, else what is wrong with them. @throws Fault transient */
export async function wrongWithBlob(broker: Pick<Broker, 'last'>, ref: BlobRef): Promise<string | null> {
  const parts: Uint8Array[] = [];
  for (let chunk = 0; chunk < ref.chunks; chunk += 1) {
    const stored = await broker.last(BLOBS_STREAM, blobSubject(ref.owner as Context, ref.sha256, chunk));
    if (stored === null) return `blob ${ref.sha256} of ${ref.owner}: chunk ${chunk} of ${ref.chunks} is missing`;
    parts.push(stored.body);
  }
  return sha256Hex(Buffer.concat(parts)) === ref.sha256 ? null : `blob ${ref.sha256} of ${ref.owner}: the stored bytes are not those it is named by`;
}
