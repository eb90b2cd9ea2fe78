import { matchesPattern } from '@soloist/catalog';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { place, type Rule, type Rulebook } from './routing.js';

const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'é', '*', '?', ' ', '\n', '@') });
const patterns = fc.option(fc.array(word.filter((text) => text !== ''), { minLength: 1, maxLength: 3 }), { nil: undefined });
const route = fc.oneof(fc.constantFrom('archive' as const, 'inbox' as const), fc.record({ agent: fc.constantFrom('known', 'ghost') }));
const rule: fc.Arbitrary<Rule> = fc.record({
  name: fc.string({ minLength: 1, maxLength: 5 }),
  when: fc.record({ from: patterns, to: patterns, subject: patterns, text: patterns, subjectOrText: patterns }),
  route,
  because: fc.string(),
});
const mail = fc.record({ from: word, to: fc.array(word, { maxLength: 3 }), subject: word, text: word });
const rulebook: fc.Arbitrary<Rulebook> = fc
  .record({ rules: fc.array(rule, { maxLength: 6 }), otherwise: route })
  .map((part) => ({ ...part, version: '0'.repeat(16), agents: new Set(['known']), matches: matchesPattern }));

it('routing is total and deterministic, and gives reasons (I1, I2)', () => {
  fc.assert(
    fc.property(rulebook, mail, (book, input) => {
      const first = place(book, input);
      expect(place(structuredCloneOf(book), structuredClone(input))).toEqual(first);
      expect(['agent', 'inbox', 'archive']).toContain(first.route.kind);
      expect(first.reasons.length).toBeGreaterThan(0);
    }),
    { numRuns: 1_000 },
  );
});

it('nothing is ever routed to an agent nobody described (I4)', () => {
  fc.assert(
    fc.property(rulebook, mail, (book, input) => {
      const { route: placed } = place(book, input);
      if (placed.kind === 'agent') expect(book.agents.has(placed.agent)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it('what stands after the deciding rule never matters (I3)', () => {
  fc.assert(
    fc.property(rulebook, rule, fc.array(rule, { maxLength: 3 }), mail, (book, last, more, input) => {
      const deciding: Rule = { ...last, when: { text: ['*'] } };
      const rules = [...book.rules, deciding];
      expect(place({ ...book, rules: [...rules, ...more] }, input)).toEqual(place({ ...book, rules }, input));
    }),
    { numRuns: 1_000 },
  );
});

function structuredCloneOf(book: Rulebook): Rulebook {
  return { ...book, rules: structuredClone(book.rules), otherwise: structuredClone(book.otherwise), agents: new Set(book.agents) };
}
