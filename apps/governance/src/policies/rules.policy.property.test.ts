import { ASKED_LEVELS, DATA_CLASSES, PolicyRule, SINK_ROLES, type JudgedFacts, type PolicyDocument } from '@soloist/contracts';
import { EFFECT_REACHES, TRUST_LEVELS } from '@soloist/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRICTNESS } from '../domain/policy.js';
import { judgeByRules } from './rules.policy.js';

const trust = fc.constantFrom(...TRUST_LEVELS);
const roles = fc.subarray([...SINK_ROLES], { minLength: 1 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const neutral = { actions: some(fc.constant(['mail.*'])), effects: some(fc.subarray([...EFFECT_REACHES], { minLength: 1 })) };
const risky = fc.record({
  ...neutral,
  sinks: some(fc.record({ of: roles, below: trust })),
  contextBelow: some(trust),
  askedBelow: some(fc.constantFrom('asked', 'delegated')),
  amountAboveMicros: some(fc.nat(10)),
  reachAbove: some(fc.nat(5)),
  newRecipient: some(fc.constant(true)),
  repeatsAbove: some(fc.nat(3)),
  irreversible: some(fc.constant(true)),
  dataClasses: some(fc.subarray(['local', 'secret'], { minLength: 1 })),
  confidenceBelow: some(fc.constantFrom(0.2, 0.9)),
  quietHours: some(fc.constant(true)),
  forbidden: some(fc.constant(true)),
});
const safe = fc.record({
  ...neutral,
  sinks: some(fc.record({ of: roles, atLeast: trust })),
  contextAtLeast: some(trust),
  askedAtLeast: some(fc.constantFrom('asked', 'delegated')),
  amountAtMostMicros: some(fc.nat(10)),
  reachAtMost: some(fc.nat(5)),
  knownRecipients: some(fc.constant(true)),
  reversible: some(fc.constant(true)),
  confidenceAtLeast: some(fc.constantFrom(0.2, 0.9)),
});
const name = fc.constantFrom('one', 'two', 'three', 'four', 'five');
const because = fc.constantFrom('a', 'b');
const anyRule = fc.oneof(
  fc.record({ name, then: fc.constant('allow'), when: safe, because }),
  fc.record({ name, then: fc.constantFrom('gate', 'refuse'), kind: fc.constant('some-kind'), when: risky, because }),
);
const anyFacts: fc.Arbitrary<JudgedFacts> = fc.record({
  effect: fc.constantFrom(...EFFECT_REACHES),
  context: trust,
  sinks: fc.array(fc.record({ path: fc.constantFrom('to', 'sum'), role: fc.constantFrom(...SINK_ROLES), trust }), { maxLength: 4 }),
  asked: fc.constantFrom(...ASKED_LEVELS),
  isForbidden: fc.boolean(),
  amountMicros: fc.option(fc.nat(12)),
  reach: fc.nat(7),
  hasNewRecipient: fc.boolean(),
  repeats: fc.nat(4),
  isReversible: fc.boolean(),
  dataClass: fc.constantFrom(...DATA_CLASSES),
  confidence: fc.option(fc.constantFrom(0, 0.5, 1)),
  isQuietHours: fc.boolean(),
});
const documentOf = (rules: readonly unknown[], outward: 'confirm' | 'by-rules' = 'by-rules'): PolicyDocument => ({
  name: 'p',
  actions: [],
  gateExpiresAfterHours: 1,
  authorizationExpiresAfterMinutes: 1,
  outward,
  // Through the schema, as a file would come.
  rules: rules.map((rule) => PolicyRule.parse(JSON.parse(JSON.stringify(rule)))),
});
const strictness = (facts: JudgedFacts, document: PolicyDocument): number => STRICTNESS.indexOf(judgeByRules('mail.send', facts, document).verdict);
const lower = (facts: JudgedFacts, by: number, which: number): JudgedFacts => {
  const down = (label: JudgedFacts['context']): JudgedFacts['context'] => TRUST_LEVELS[Math.min(TRUST_LEVELS.length - 1, TRUST_LEVELS.indexOf(label) + by)] ?? label;
  return which === 0 ? { ...facts, context: down(facts.context) } : { ...facts, sinks: facts.sinks.map((sink, index) => (index % 2 === which % 2 ? { ...sink, trust: down(sink.trust) } : sink)) };
};

describe('laws of the rules', () => {
  test('[R7] I3 adding taint never gives a milder verdict, whatever the rules', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), anyFacts, fc.integer({ min: 1, max: 4 }), fc.nat(2), (rules, facts, by, which) => {
        const document = documentOf(rules);
        expect(strictness(lower(facts, by, which), document)).toBeGreaterThanOrEqual(strictness(facts, document));
      }),
      { numRuns: 2_000 },
    );
  });

  test('I3 neither does more money, more reach, an unknown recipient, less confidence or a weaker wish', () => {
    const worse: readonly ((facts: JudgedFacts) => JudgedFacts)[] = [
      (facts) => ({ ...facts, amountMicros: (facts.amountMicros ?? 0) + 5 }),
      (facts) => ({ ...facts, reach: facts.reach + 5 }),
      (facts) => ({ ...facts, repeats: facts.repeats + 1 }),
      (facts) => ({ ...facts, hasNewRecipient: true }),
      (facts) => ({ ...facts, isReversible: false }),
      (facts) => ({ ...facts, isForbidden: true }),
      (facts) => ({ ...facts, isQuietHours: true }),
      (facts) => ({ ...facts, confidence: null }),
      (facts) => ({ ...facts, asked: 'unasked' }),
    ];
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), anyFacts, fc.constantFrom(...worse), (rules, facts, change) => {
        const document = documentOf(rules);
        expect(strictness(change(facts), document)).toBeGreaterThanOrEqual(strictness(facts, document));
      }),
      { numRuns: 2_000 },
    );
  });

  test('I1 forbid wins: one rule more that gates or refuses never gives a milder verdict, and a refusal that fits decides', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 5 }), anyRule, anyFacts, (rules, extra, facts) => {
        const [without, withExtra] = [documentOf(rules), documentOf([...rules, extra])];
        if (extra.then !== 'allow') {
          expect(strictness(facts, withExtra)).toBeGreaterThanOrEqual(strictness(facts, without));
        }
        const always = { name: 'never', then: 'refuse', kind: 'never', when: {}, because: 'no' };
        expect(judgeByRules('mail.send', facts, documentOf([...rules, always])).verdict).toBe('refuse');
      }),
      { numRuns: 1_000 },
    );
  });

  test('I1 the order of the rules changes no verdict, kind or reason', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), anyFacts, fc.nat(), (rules, facts, turn) => {
        const at = rules.length === 0 ? 0 : turn % rules.length;
        const turned = [...rules.slice(at), ...rules.slice(0, at)].reverse();
        const plain = (verdict: ReturnType<typeof judgeByRules>) => ({ ...verdict, reasons: [...verdict.reasons].sort() });
        const [one, other] = [plain(judgeByRules('mail.send', facts, documentOf(rules))), plain(judgeByRules('mail.send', facts, documentOf(turned)))];
        expect([other.verdict, other.code, other.reasons]).toEqual([one.verdict, one.code, one.reasons]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('I2 what no rule allows is refused; without rules everything is', () => {
    fc.assert(fc.property(anyFacts, (facts) => {
        expect(judgeByRules('mail.send', facts, documentOf([])).verdict).toBe('refuse');
      }));
  });

  test('[V10] I4 with outward: confirm no rules let an outward effect go', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), anyFacts, (rules, facts) => {
        if (facts.effect === 'external') expect(judgeByRules('mail.send', facts, documentOf(rules, 'confirm')).verdict).not.toBe('allow');
      }),
    );
  });

  test.each([
    ['a rule that allows below a trust', { name: 'x', then: 'allow', when: { contextBelow: 'owner' }, because: 'x' }],
    ['a rule that gates above a trust', { name: 'x', then: 'gate', kind: 'k', when: { contextAtLeast: 'owner' }, because: 'x' }],
    ['a star in the middle', { name: 'x', then: 'gate', kind: 'k', when: { actions: ['mail.*.x'] }, because: 'x' }],
  ])('the grammar has no word for %s', (_what, rule) => {
    expect(PolicyRule.safeParse(rule).success).toBe(false);
  });
});

test('[V4] what no rule allows is refused, whatever else the rules say (I2)', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 6 }), anyFacts, (rules, facts) => {
      const strict = rules.filter(({ then }) => then !== 'allow');
      expect(judgeByRules('mail.send', facts, documentOf(strict)).verdict).toBe('refuse');
    }),
  );
});
