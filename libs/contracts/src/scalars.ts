/** The small shapes that several events share. Units stand in the names. */
import { EFFECT_CLASSES, TRUST_LEVELS } from '@soloist/kernel';
import { z } from 'zod';

/** Hash or ULID, lower case: fit to stand in a subject. */
export const Id = z.string().regex(/^[a-z0-9-]{1,64}$/, 'lower-case letters, digits and -, at most 64');
/** The subject of data: an opaque id, derived from an address by the keep's secret, so that it tells nothing by itself. */
export const DataSubject = Id;
/** RFC 3339 in UTC; information only, never used for order. */
export const Timestamp = z.iso.datetime();
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hex');
export const Micros = z.int().nonnegative();
export const Currency = z.string().regex(/^[A-Z]{3}$/);
export const TrustLabel = z.enum(TRUST_LEVELS);
export const EffectClassName = z.enum(EFFECT_CLASSES);
export const AgentName = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'a-z, digits and -, at most 48, starting with a letter');
/** SHA-256 of the canonical definition, first 16 hex digits. */
export const VersionHash = z.string().regex(/^[0-9a-f]{16}$/);

/** A payload kept outside its event: content-addressed, the name covers the ciphertext. */
export const BlobRef = z.strictObject({
  owner: z.string(),
  sha256: Digest,
  bytes: z.int().nonnegative(),
  chunks: z.int().positive(),
});
export type BlobRef = z.output<typeof BlobRef>;

export const MailAddress = z.strictObject({ name: z.string(), address: z.string() });
export type MailAddress = z.output<typeof MailAddress>;

/** JSON as it travels in arguments and answers. */
export const JsonObject = z.record(z.string(), z.json());
