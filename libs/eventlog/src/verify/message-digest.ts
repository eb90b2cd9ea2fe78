/**
 * Digests over all that is stored of a message, also of what the commit's own hash leaves out.
 *
 * I1 the digest of a message is the one that the keep's anchors hold (broker/anchors.ts)
 * I2 the head of a stream at a sequence covers every message up to it and their order
 */
import { createHash } from 'node:crypto';
import type { StoredMessage } from '../codec/message.js';

/** SHA-256 in hex over subject, headers by name, and body. */
export function messageDigest({ subject, headers, body }: StoredMessage): string {
  const hash = createHash('sha256').update(subject).update('\0');
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), value]);
  for (const name of [...values.keys()].sort()) hash.update(name).update('\0').update((values.get(name) ?? []).join('\0')).update('\0');
  return hash.update('\0').update(body).digest('hex');
}

/** Before the first message. */
export const EMPTY_HEAD = '0'.repeat(64);

export function nextHead(head: string, message: StoredMessage): string {
  return createHash('sha256').update(`${head}\n${message.sequence}\n${messageDigest(message)}`).digest('hex');
}
