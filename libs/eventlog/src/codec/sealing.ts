/**
 * Sealing: what is personal leaves the process as AES-256-GCM ciphertext under the key of its data subject (ADR 0004).
 *
 * I1 the same plaintext in the same place gives the same bytes, so that a retry is byte-equal
 * I2 a nonce is never used for two plaintexts: it is drawn from the plaintext and its place by HMAC-SHA256
 * I3 a sealed field opens only in the event, and under the field name, it was sealed for
 */
import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { canonicalJson } from '@soloist/kernel';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a sealed value stands. All parts are bound into nonce and tag. */
export interface SealPlace {
  readonly domain: 'field' | 'blob' | 'working';
  readonly parts: readonly string[];
}

const HASH_BLOCK_BYTES = 64;
const LINE_FEED = Buffer.from('\n');

/** What is made of a key once, and lives as long as the key. */
interface Secret {
  /** Handing the raw bytes to each call costs ten times the cipher itself. */
  readonly cipherKey: KeyObject;
  /** The two padded keys of HMAC (RFC 2104): two one-shot hashes leave no objects behind for the collector. */
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const secrets = new WeakMap<Uint8Array, Secret>();

function secretOf(key: Uint8Array): Secret {
  const known = secrets.get(key);
  if (known !== undefined) return known;
  const secret = { cipherKey: createSecretKey(key), inner: padded(key, 0x36), outer: padded(key, 0x5c) };
  secrets.set(key, secret);
  return secret;
}

function padded(key: Uint8Array, pad: number): Buffer {
  if (key.length > HASH_BLOCK_BYTES) throw new RangeError(`a key has at most ${HASH_BLOCK_BYTES} bytes, got ${key.length}`);
  return Buffer.alloc(HASH_BLOCK_BYTES, pad).map((byte, index) => byte ^ (key[index] ?? 0)) as Buffer;
}

/** HMAC-SHA256 over the parts, one after the other. */
function authenticator({ inner, outer }: Secret, parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat([outer, hash('sha256', Buffer.concat([inner, ...parts]), 'buffer')]), 'buffer');
}

/** nonce | ciphertext | tag */
export function seal(key: Uint8Array, place: SealPlace, plaintext: Uint8Array): Buffer {
  const secret = secretOf(key);
  const associated = associatedBytes(place);
  const nonce = authenticator(secret, [associated, LINE_FEED, plaintext]).subarray(0, NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, secret.cipherKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Null when the bytes were not sealed here under this key: changed, moved, or another key. */
export function unseal(key: Uint8Array, place: SealPlace, sealed: Uint8Array): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, secretOf(key).cipherKey, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedBytes(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

/** What stands in a body instead of a personal value. */
export interface SealedField {
  readonly $sealed: string;
}

export function isSealedField(value: unknown): value is SealedField {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.entries(value);
  return members.length === 1 && members[0]?.[0] === '$sealed' && typeof members[0][1] === 'string';
}

/** What a personal field reads as once its data subject is erased. Compared by identity inside this lib. */
export const ERASED = Object.freeze({ $erased: true as const });

/** The mark and nothing else: words from outside that only begin like it are words. */
export function isErased(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { $erased?: unknown }).$erased === true && Object.keys(value).length === 1;
}

export function sealValue(key: Uint8Array, place: SealPlace, value: unknown): SealedField {
  return { $sealed: seal(key, place, Buffer.from(canonicalJson(value))).toString('base64url') };
}

/** The value itself, boxed, since it may be null; null when it does not open. */
export function unsealValue(key: Uint8Array, place: SealPlace, field: SealedField): { readonly value: unknown } | null {
  const plaintext = unseal(key, place, Buffer.from(field.$sealed, 'base64url'));
  return plaintext === null ? null : { value: JSON.parse(plaintext.toString('utf8')) as unknown };
}

function associatedBytes(place: SealPlace): Buffer {
  return Buffer.from(canonicalJson(['soloist.seal.v1', place.domain, ...place.parts]));
}
