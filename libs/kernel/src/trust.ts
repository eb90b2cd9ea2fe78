/** Taint lattice, most trusted first. Labels only go down when values are joined (GUARANTEES 8.2). */
export const TRUST_LEVELS = ['owner', 'verified-internal', 'connector-structured', 'third-party-text', 'unknown'] as const;
export type Trust = (typeof TRUST_LEVELS)[number];

/** The join of two labels is the less trusted one. */
export function joinTrust(left: Trust, right: Trust): Trust {
  return TRUST_LEVELS.indexOf(left) >= TRUST_LEVELS.indexOf(right) ? left : right;
}

/**
 * How an effect may be repeated: by nature · with an idempotency key · after asking the world · not at all;
 * `read-only` changes nothing outside and skips the claim.
 */
export const EFFECT_CLASSES = ['read-only', 'natural', 'keyed', 'check-first', 'never'] as const;
export type EffectClass = (typeof EFFECT_CLASSES)[number];

/** How far an action reaches: changes nothing · changes what is ours and can be put back · leaves the building. */
export const EFFECT_REACHES = ['none', 'internal', 'external'] as const;
export type EffectReach = (typeof EFFECT_REACHES)[number];
