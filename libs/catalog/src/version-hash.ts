import { createHash } from 'node:crypto';
import { canonicalJson } from '@soloist/kernel';

/** The version of a document: the first 16 hex digits of the SHA-256 of its canonical JSON. Comments and layout do not count. */
export function versionHashOf(document: unknown): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex').slice(0, 16);
}
