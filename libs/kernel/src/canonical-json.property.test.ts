import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

const value = fc.jsonValue({ maxDepth: 4 });

function shuffled(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(shuffled);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).toReversed().map(([key, member]) => [key, shuffled(member)]));
}

describe('canonical JSON', () => {
  it('says the same as JSON', () => {
    fc.assert(
      fc.property(value, (json) => {
        expect(JSON.parse(canonicalJson(json))).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });

  it('does not depend on the order of members, and is stable', () => {
    fc.assert(
      fc.property(value, (json) => {
        expect(canonicalJson(shuffled(json))).toBe(canonicalJson(json));
        expect(canonicalJson(JSON.parse(canonicalJson(json)))).toBe(canonicalJson(json));
      }),
    );
  });
});
