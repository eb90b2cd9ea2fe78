import { PolicyDocument } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { policyDifferences } from './policy-differences.js';

const before = PolicyDocument.parse({
  name: 'company',
  actions: [{ action: 'mail.send', verdict: 'gate', because: 'x' }],
  gateExpiresAfterHours: 72,
  authorizationExpiresAfterMinutes: 60,
  rules: [
    { name: 'reading', then: 'allow', when: { effects: ['none'] }, because: 'x' },
    { name: 'many', then: 'gate', kind: 'reach', when: { reachAbove: 20 }, because: 'x' },
  ],
});

test('[V3] names what was added, taken away and changed; order and layout are no difference', () => {
  expect(policyDifferences(before, { ...before, rules: [...(before.rules ?? [])].reverse() })).toEqual([]);
  const after: PolicyDocument = {
    ...before,
    outward: 'by-rules',
    actions: [],
    rules: [
      { name: 'many', then: 'gate', kind: 'reach', when: { reachAbove: 5 }, because: 'x' },
      { name: 'night', then: 'gate', kind: 'quiet-hours', when: { quietHours: true }, because: 'x' },
    ],
  };
  expect(policyDifferences(before, after).map(({ sign, what }) => `${sign} ${what}`)).toEqual(['~ outward', '- action mail.send', '- rule reading', '~ rule many', '+ rule night']);
});
