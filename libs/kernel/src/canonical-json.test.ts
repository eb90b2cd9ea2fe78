import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('gives the bytes RFC 8785 gives for its own example (section 3.2)', () => {
    const example = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\/',
      literals: [null, true, false],
    };
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code unit, as RFC 8785 section 3.2.3 does', () => {
    const example = { '\u20ac': 'Euro', '\r': 'CR', '\ufb33': 'Dalet', '1': 'One', '\u{1f600}': 'Smiley', '\u0080': 'Control', '\u00f6': 'o' };
    expect(Object.keys(JSON.parse(canonicalJson(example)) as object)).toEqual(['1', '\r', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']);
    expect(canonicalJson(example)).toBe('{"\\r":"CR","1":"One","\u0080":"Control","\u00f6":"o","\u20ac":"Euro","\u{1f600}":"Smiley","\ufb33":"Dalet"}');
  });

  it.each([
    [-0, '0'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [1e-7, '1e-7'],
  ])('writes %d as ECMAScript does', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('leaves out members that are undefined, and keeps places in lists', () => {
    expect(canonicalJson({ b: undefined, a: [undefined, 1] })).toBe('{"a":[null,1]}');
  });

  it.each([NaN, Infinity, -Infinity, 1n, Symbol('x'), () => 0, '\ud800', 'a\udc00', { '\ud800': 1 }])('refuses what has no form', (value) => {
    expect(() => canonicalJson(value)).toThrow(RangeError);
  });
});
