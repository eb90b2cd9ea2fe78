/**
 * A head that somebody signed: up to here the log was so. Whoever holds the public key can tell later, on any machine,
 * whether a log or an export still is what the installation once had.
 *
 * I1 the signature (Ed25519, RFC 8032) covers the canonical JSON of the whole record but itself
 * I2 each record names the SHA-256 of the line before it, so that none can be taken out of the middle
 */
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from '@soloist/kernel';
import { z } from 'zod';

const Hex = z.string().regex(/^[0-9a-f]{64}$/);

export const SignedHead = z.strictObject({
  type: z.literal('soloist.log-head'),
  version: z.literal(1),
  stream: z.string().regex(/^EVENTS-[0-9]{1,2}$/),
  sequence: z.int().positive(),
  /** Of the message at that sequence. */
  digest: Hex,
  /** Over all messages up to it. */
  head: Hex,
  at: z.iso.datetime(),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** SHA-256 of the line before, null for the first. */
  before: Hex.nullable(),
  signature: z.string(),
});
export type SignedHead = z.output<typeof SignedHead>;
type Unsigned<Record> = Omit<Record, 'signature' | 'keyId'>;

/** First 16 hex digits of the SHA-256 of the public key in SPKI DER. */
export function logKeyId(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16);
}

export function signed<Record extends object>(record: Record, privateKey: KeyObject): Record & { keyId: string; signature: string } {
  const whole = { ...record, keyId: logKeyId(createPublicKey(privateKey)) };
  return { ...whole, signature: sign(null, bytesOf(whole), privateKey).toString('base64url') };
}

/** One spelling of the signature only: a second one of the same bytes would be a second record to whoever compares text. */
export function isSignedBy(record: { readonly keyId: string; readonly signature: string }, publicKey: KeyObject): boolean {
  const { signature, ...covered } = record;
  const bytes = Buffer.from(signature, 'base64url');
  if (record.keyId !== logKeyId(publicKey) || bytes.toString('base64url') !== signature) return false;
  return verify(null, bytesOf(covered), publicKey, bytes);
}

export function signHead(head: Unsigned<SignedHead>, privateKey: KeyObject): SignedHead {
  return signed(head, privateKey);
}

export function lineHash(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

/** @throws Error when the text is no Ed25519 public key */
export function readLogKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key');
  return key;
}

function bytesOf(record: object): Buffer {
  return Buffer.from(canonicalJson(record));
}
