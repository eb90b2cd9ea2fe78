import { PolicyDocument } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { adoptPolicy, evolvePolicies, judge, noPolicies, type Policy, type Strictness } from './policy.js';
import { calm } from './risk.fixture.js';

const document = PolicyDocument.parse({ name: 'company', actions: [], gateExpiresAfterHours: 1, authorizationExpiresAfterMinutes: 1 });
const always = (verdict: Strictness): Policy => ({ name: verdict, judge: () => ({ verdict, code: `test.${verdict}`, reasons: [verdict] }) });
const action = { action: 'mail.send', effectClass: 'never', trust: 'owner', digest: 'd', epoch: 1 } as const;
const facts = { allowedActions: [], digest: 'd', epoch: 1, risk: calm };
const verdictOf = (...policies: Policy[]) => judge(policies, action, facts, document);

test('I2 the strictest verdict decides, in whatever order the policies stand', () => {
  expect(verdictOf(always('allow'), always('gate'), always('allow'))).toEqual({ verdict: 'gate', code: 'test.gate', reasons: ['gate'] });
  expect(verdictOf(always('refuse'), always('gate')).verdict).toBe('refuse');
  expect(verdictOf(always('allow')).verdict).toBe('allow');
});

test('I2 without a policy everything is refused', () => {
  expect(verdictOf()).toMatchObject({ verdict: 'refuse', code: 'policy.none' });
});

test('[V3] a policy is adopted once for each change, and earlier versions stay readable', () => {
  const first = adoptPolicy(noPolicies, 'a'.repeat(16), document, 'catalog').reduce(evolvePolicies, noPolicies);
  const second = adoptPolicy(first, 'b'.repeat(16), document, 'catalog').reduce(evolvePolicies, first);
  expect(adoptPolicy(second, 'b'.repeat(16), document, 'catalog')).toEqual([]);
  expect([second.latest, second.versions.size]).toEqual(['b'.repeat(16), 2]);
});
