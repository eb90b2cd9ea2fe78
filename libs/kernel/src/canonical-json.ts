/**
 * Canonical JSON (RFC 8785, JCS): keys sorted by UTF-16 code unit, no white space, ECMAScript number form.
 * Two equal values always give equal bytes, so that digests, signatures and read-backs compare.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** @throws RangeError on NaN, infinities, functions, symbols, bigints or lone surrogates: they have no canonical form. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return canonicalArray(value);
  if (typeof value === 'object') return canonicalObject(value as Record<string, unknown>);
  throw new RangeError(`canonical JSON has no form for a ${typeof value}`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`canonical JSON has no form for ${value}`);
  // A number's text is its JSON form (ECMA-262, SerializeJSONProperty), with 0 for -0.
  return String(value);
}

/** Nothing in it is written otherwise in JSON: nearly all there is, and several times faster to see than to serialise. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function canonicalString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new RangeError('canonical JSON has no form for a lone surrogate');
  return JSON.stringify(value);
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '';
  for (let index = 0; index < items.length; index += 1) {
    text += `${index === 0 ? '' : ','}${canonicalJson(items[index] ?? null)}`;
  }
  return `[${text}]`;
}

function canonicalObject(value: Record<string, unknown>): string {
  let text = '';
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

function sortedKeys(value: Record<string, unknown>): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}
