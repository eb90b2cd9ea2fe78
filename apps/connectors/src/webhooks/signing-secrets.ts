/**
 * What the vault keeps for one webhook: the secret that signs, and earlier ones that sign beside it until their time is up,
 * so that a receiver can change over without missing a post (Standard Webhooks, "Signature scheme": several signatures).
 *
 * I1 the newest never ends by itself; an earlier one ends at its moment, whether anybody looks or not
 */

/** Base64 holds neither a space nor an `@`. */
const BETWEEN = ' ';
const UNTIL = '@';

/** Newest first; those whose time is up are left out. */
export function signingSecrets(kept: string, now: Date): readonly string[] {
  return stillValid(kept, now).map((entry) => entry.split(UNTIL)[0] ?? '');
}

/** What to keep from now on. @param until when the one that signed so far stops doing so */
export function withNewSecret(kept: string | null, secret: string, now: Date, until: Date): string {
  const earlier = kept === null ? [] : stillValid(kept, now).map((entry) => endingBy(entry, until));
  return [secret, ...earlier.filter((entry) => isValid(entry, now))].join(BETWEEN);
}

function stillValid(kept: string, now: Date): readonly string[] {
  return kept.split(BETWEEN).filter((entry) => isValid(entry, now));
}

function isValid(entry: string, now: Date): boolean {
  const [, until] = entry.split(UNTIL);
  return until === undefined || now.getTime() < Date.parse(until);
}

function endingBy(entry: string, until: Date): string {
  const [secret, end] = entry.split(UNTIL);
  const ends = end === undefined ? until.getTime() : Math.min(until.getTime(), Date.parse(end));
  return `${secret}${UNTIL}${new Date(ends).toISOString()}`;
}
