import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginningOf, cursorOf, tokenOf, type Cursor, type Place } from './cursor.js';

const sequence = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const place: fc.Arbitrary<Place> = fc.record({ sequence, mark: fc.integer({ min: 0, max: 0xffff_ffff }) }).map(({ sequence: at, mark }) => ({ sequence: at, mark: at === 0 ? 0 : mark, taken: 0 }));
const cursor: fc.Arbitrary<Cursor> = fc
  .tuple(fc.constantFrom(1, 2, 8, 64).chain((streams) => fc.array(place, { minLength: streams, maxLength: streams })), fc.nat(), fc.integer({ min: 0, max: 40 }))
  .map(([places, at, taken]) => places.map((one, stream) => (stream % 3 === at % 3 && one.sequence > 0 ? { ...one, taken } : one)));

describe('a resume token', () => {
  test('I1 I2 says the places it was made of, inside a commit too, and fits into a header line', () => {
    fc.assert(
      fc.property(cursor, (places) => {
        const token = tokenOf(places);
        expect(cursorOf(token, places.length)).toEqual(places);
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(token.length).toBeLessThan(2_048);
      }),
    );
  });

  test('I3 is refused when any of its characters is another, or it is cut, or longer', () => {
    fc.assert(
      fc.property(cursor, fc.nat(), fc.constantFrom(...'AZaz09-_'), (places, where, letter) => {
        const token = tokenOf(places);
        const at = where % token.length;
        const altered = token.slice(0, at) + letter + token.slice(at + 1);
        fc.pre(altered !== token);
        for (const wrong of [altered, token.slice(0, at), `${token}${letter}`, ` ${token}`]) expect(cursorOf(wrong, places.length)).toBeNull();
      }),
    );
  });

  test('I3 is refused by a log with another number of streams', () => {
    fc.assert(fc.property(cursor, (places) => void expect(cursorOf(tokenOf(places), places.length + 1)).toBeNull()));
  });

  test('anything else is refused too', () => {
    for (const wrong of ['', 'start', 'now', '!', 'A'.repeat(40), '0'.repeat(5_000), tokenOf(beginningOf(8)).toLowerCase()]) expect(cursorOf(wrong, 8)).toBeNull();
  });
});
