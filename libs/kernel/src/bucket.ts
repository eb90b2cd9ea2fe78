/**
 * The bucket of a key: 32-bit FNV-1a over the key's UTF-8 bytes, modulo 64 (Fowler, Noll, Vo; the golden vectors are
 * in the test). It is part of every subject for ever: changing it would be a migration of the whole log.
 */
export const BUCKET_COUNT = 64;

export function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    const unit = key.charCodeAt(index);
    // Keys are lower-case ASCII by the grammar of subjects; anything else is a defect of the caller.
    if (unit > 0x7f) throw new RangeError(`a key holds ASCII only, got ${JSON.stringify(key)}`);
    hash = Math.imul(hash ^ unit, 0x01000193) >>> 0;
  }
  return hash % BUCKET_COUNT;
}

/** Two digits, as it stands in a subject: `00` … `63`. */
export function bucketToken(bucket: number): string {
  return String(bucket).padStart(2, '0');
}
