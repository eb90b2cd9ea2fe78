/**
 * Subjects: always six tokens, `<kind>.<site>.<bucket>.<context>.<entity>.<key>` (DESIGN section 3, law).
 *
 * I1 a subject is a pure function of kind, site and address; the bucket follows from the key
 * I2 tokens hold lower-case letters, digits and `-` only; a key is a hash, a ULID or a fixed noun, never personal data
 */
import { bucketOf, bucketToken } from '@soloist/kernel';

export const CONTEXTS = ['orchestrator', 'runtime', 'memory', 'connectors', 'governance'] as const;
export type Context = (typeof CONTEXTS)[number];

export const KINDS = ['evt', 'cmd', 'timer', 'due', 'dead'] as const;
export type Kind = (typeof KINDS)[number];

/** The site of the central installation; edge nodes have their own id. */
export const HUB = 'hub';

/** Where the history of one entity lives. */
export interface Address {
  readonly context: Context;
  readonly entity: string;
  readonly key: string;
}

export interface ParsedSubject extends Address {
  readonly kind: Kind;
  readonly site: string;
  readonly bucket: number;
}

const TOKEN = /^[a-z0-9-]+$/;

/** @throws RangeError when a token breaks the grammar: a defect of the caller, not bad input. */
export function subjectOf(kind: Kind, address: Address, site: string = HUB): string {
  for (const token of [site, address.entity, address.key]) {
    if (!TOKEN.test(token)) throw new RangeError(`subject token ${JSON.stringify(token)} must match ${TOKEN.source}`);
  }
  return `${kind}.${site}.${bucketToken(bucketOf(address.key))}.${address.context}.${address.entity}.${address.key}`;
}

/** Answers null for a subject that does not follow the grammar, so that readers can refuse it as poison. */
export function parseSubject(subject: string): ParsedSubject | null {
  const [kind, site, bucket, context, entity, key, ...rest] = subject.split('.');
  if (rest.length > 0 || site === undefined || entity === undefined || key === undefined) return null;
  if (!KINDS.includes(kind as Kind) || !CONTEXTS.includes(context as Context)) return null;
  if (![site, entity, key].every((token) => TOKEN.test(token))) return null;
  if (bucket !== bucketToken(bucketOf(key))) return null;
  return { kind: kind as Kind, site, bucket: Number(bucket), context: context as Context, entity, key };
}

/** Every fact of one run in one filter, hub and edge facts together. */
export function episodeFilter(runId: string): string {
  return `evt.*.${bucketToken(bucketOf(runId))}.*.*.${runId}`;
}
