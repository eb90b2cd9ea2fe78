/** What has no canonical form is refused, never written as something else. */
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

class Amount {
  constructor(readonly cents: number) {}
}

describe('canonical JSON of what is no plain value', () => {
  it.each([
    ['Date', new Date(0)],
    ['Map', new Map([[1, 2]])],
    ['Set', new Set([1])],
    ['Error', new Error('x')],
    ['RegExp', /x/],
    ['Promise', Promise.resolve()],
    ['Uint8Array', new Uint8Array(2)],
    ['Buffer', Buffer.from('x')],
    ['String', Object('x') as object],
    ['Amount', new Amount(1)],
  ])('refuses a %s by its name and its place', (name, value) => {
    expect(() => canonicalJson(value)).toThrow(new RangeError(`canonical JSON has no form for an object of class ${name}; give a plain object, list, text, number, boolean or null`));
    expect(() => canonicalJson({ list: [1, { 'a b': value }] })).toThrow(RangeError);
    expect(() => canonicalJson({ list: [1, { 'a b': value }] })).toThrow(`canonical JSON has no form for an object of class ${name} at .list[1]["a b"]; give a plain object`);
  });

  it('refuses an object that inherits from a plain one, and one whose class has no name', () => {
    expect(() => canonicalJson(Object.create({ a: 1 }))).toThrow(RangeError);
    expect(() => canonicalJson(new (class {})())).toThrow(RangeError);
    expect(() => canonicalJson(Object.create(Object.create(Object.prototype, { constructor: { get: () => { throw new Error('inside'); } } }) as object))).toThrow(RangeError);
  });

  it('never calls toJSON', () => {
    expect(() => canonicalJson({ toJSON: () => 'other' })).toThrow('a function at .toJSON');
    expect(() => canonicalJson(Object.assign(new Amount(1), { toJSON: () => 'other' }))).toThrow('class Amount');
  });

  it('takes members whatever they are called', () => {
    expect(canonicalJson(JSON.parse('{"constructor":2,"__proto__":{"b":1}}'))).toBe('{"__proto__":{"b":1},"constructor":2}');
  });

  it.each([[NaN, 'NaN'], [1n, 'a bigint'], [Symbol('x'), 'a symbol'], ['\ud800', 'a lone surrogate']])('tells the place of %s too', (value, what) => {
    expect(() => canonicalJson({ a: [value] })).toThrow(new RangeError(`canonical JSON has no form for ${what} at .a[0]`));
  });
});

describe('canonical JSON of plain values, wherever they were made', () => {
  const plain = { b: [1, { c: null }], a: 'x' };
  const other = createContext({});

  it.each([
    ['parsed', JSON.parse(JSON.stringify(plain)) as unknown],
    ['cloned', structuredClone(plain)],
    ['of another realm', runInContext('({ b: [1, { c: null }], a: "x" })', other) as unknown],
    ['parsed in another realm', runInContext(`JSON.parse('{"b":[1,{"c":null}],"a":"x"}')`, other) as unknown],
    ['without a prototype', Object.assign(Object.create(null) as object, plain)],
    ['spread', { ...plain }],
    ['built of entries', Object.fromEntries(Object.entries(plain))],
    ['grouped', { ...plain, b: [1, ...Object.values(Object.groupBy([{ c: null }], () => 'k')).flat()] }],
    ['frozen', Object.freeze({ ...plain })],
  ])('is the same for one %s', (_, value) => {
    expect(canonicalJson(value)).toBe('{"a":"x","b":[1,{"c":null}]}');
  });

  it('refuses a Date of another realm', () => {
    expect(() => canonicalJson(runInContext('new Date(0)', other))).toThrow('class Date');
  });
});
