/**
 * Canonical JSON (RFC 8785, JCS): keys sorted by UTF-16 code unit, no white space, ECMAScript number form.
 * Two equal values always give equal bytes, so that digests, signatures and read-backs compare.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * @throws RangeError, with the place, on what has no canonical form: NaN, infinities, functions, symbols, bigints, lone
 * surrogates, and objects of a class (a Date, a Map, an Error). No `toJSON` is called.
 */
export function canonicalJson(value: unknown): string {
  try {
    return textOf(value);
  } catch (error) {
    throw error instanceof NoForm ? new RangeError(error.told()) : error;
  }
}

/** On its way out of the value: each level it leaves puts its key before the place. */
class NoForm extends RangeError {
  private readonly place: string[] = [];

  constructor(
    what: string,
    private readonly remedy = '',
  ) {
    super(`canonical JSON has no form for ${what}`);
  }

  within(key: string | number): this {
    this.place.unshift(typeof key === 'number' ? `[${key}]` : NAME.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
    return this;
  }

  told(): string {
    const place = this.place.join('').slice(0, MAX_PLACE).toWellFormed();
    return `${this.message}${place === '' ? '' : ` at ${place}`}${this.remedy}`;
  }
}

const NAME = /^[A-Za-z_$][\w$]*$/;
const MAX_PLACE = 200;

function within(error: unknown, key: string | number): unknown {
  return error instanceof NoForm ? error.within(key) : error;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return canonicalArray(value);
  if (typeof value === 'object') return canonicalObject(value as Record<string, unknown>);
  throw new NoForm(`a ${typeof value}`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new NoForm(String(value));
  // A number's text is its JSON form (ECMA-262, SerializeJSONProperty), with 0 for -0.
  return String(value);
}

/** Nothing in it is written otherwise in JSON: nearly all there is, and several times faster to see than to serialise. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function canonicalString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new NoForm('a lone surrogate');
  return JSON.stringify(value);
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '';
  let index = 0;
  try {
    for (; index < items.length; index += 1) text += `${index === 0 ? '' : ','}${textOf(items[index] ?? null)}`;
  } catch (error) {
    throw within(error, index);
  }
  return `[${text}]`;
}

function canonicalObject(value: Record<string, unknown>): string {
  if (!isPlain(value)) throw new NoForm(`an object of ${classOf(value)}`, '; give a plain object, list, text, number, boolean or null');
  let text = '';
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${canonicalString(key)}:${memberText(member, key)}`;
  }
  return `{${text}}`;
}

function memberText(member: unknown, key: string): string {
  try {
    return textOf(member);
  } catch (error) {
    throw within(error, key);
  }
}

/** Whatever realm it was made in: each has an `Object.prototype` of its own. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

function classOf(value: object): string {
  try {
    const { name } = value.constructor;
    return typeof name === 'string' && name !== '' ? `class ${name.slice(0, 60).toWellFormed()}` : 'some class';
  } catch {
    return 'some class';
  }
}

function sortedKeys(value: Record<string, unknown>): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}
