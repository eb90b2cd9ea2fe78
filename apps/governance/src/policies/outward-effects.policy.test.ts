import { PolicyDocument } from '@soloist/contracts';
import { EFFECT_CLASSES, TRUST_LEVELS } from '@soloist/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRICTNESS, type Facts, type RequestedAction } from '../domain/policy.js';
import { calm } from '../domain/risk.fixture.js';
import { outwardEffects } from './outward-effects.policy.js';

const document = PolicyDocument.parse({
  name: 'company',
  actions: [
    { action: 'mail.send', verdict: 'gate', because: 'mail' },
    { action: 'mail.search', verdict: 'allow', because: 'reading' },
    { action: 'bank.pay', verdict: 'refuse', because: 'money' },
    { action: 'twice.named', verdict: 'allow', because: 'first' },
    { action: 'twice.named', verdict: 'refuse', because: 'second' },
  ],
  gateExpiresAfterHours: 72,
  authorizationExpiresAfterMinutes: 60,
});
const fit: Facts = { allowedActions: ['mail.send', 'mail.search', 'bank.pay', 'twice.named', 'news.post'], digest: 'd', epoch: 1, risk: calm };
const asks = (action: string, change: Partial<RequestedAction> = {}): RequestedAction => ({ action, effectClass: 'check-first', trust: 'owner', digest: 'd', epoch: 1, ...change });
const verdict = (action: RequestedAction, facts: Facts = fit) => outwardEffects.judge(action, facts, document);

describe('verdict table', () => {
  test.each([
    ['P5 what the document gates', asks('mail.send'), fit, 'gate', 'policy.gate'],
    ['a read that the document allows', asks('mail.search', { effectClass: 'read-only' }), fit, 'allow', 'policy.allowed'],
    ['P5 an outward effect that the document allows', asks('mail.search', { effectClass: 'natural' }), fit, 'gate', 'policy.gate'],
    ['P4 what the document refuses', asks('bank.pay'), fit, 'refuse', 'policy.refused'],
    ['P4 what the document does not name', asks('news.post'), fit, 'refuse', 'policy.unknown-action'],
    ['P4 what it names twice', asks('twice.named', { effectClass: 'read-only' }), fit, 'refuse', 'policy.refused'],
    ['P3 what the agent may not ask', asks('mail.send'), { ...fit, allowedActions: [] }, 'refuse', 'agent.action-not-listed'],
    ['a run without a hold', asks('mail.send'), { ...fit, allowedActions: null }, 'refuse', 'hold.missing'],
    ['P1 another digest', asks('mail.send', { digest: 'x' }), fit, 'refuse', 'effect.digest-mismatch'],
    ['P2 an older epoch', asks('mail.send'), { ...fit, epoch: 2 }, 'refuse', 'effect.stale-epoch'],
    ['P2 a later epoch', asks('mail.send', { epoch: 2 }), fit, 'refuse', 'effect.stale-epoch'],
    ['P2 no claim at all', asks('mail.send'), { ...fit, epoch: null }, 'refuse', 'effect.stale-epoch'],
  ])('%s', (_name, action, facts, expected, code) => {
    expect(verdict(action, facts)).toMatchObject({ verdict: expected, code });
    expect(verdict(action, facts).reasons.join('')).not.toBe('');
  });

  test('a gate says that text from outside took part', () => {
    expect(verdict(asks('mail.send', { trust: 'third-party-text' })).reasons).toHaveLength(2);
  });
});

describe('laws', () => {
  const anyAction = fc.record({
    action: fc.oneof(fc.constantFrom('mail.send', 'mail.search', 'bank.pay', 'twice.named', 'news.post'), fc.string()),
    effectClass: fc.constantFrom(...EFFECT_CLASSES),
    trust: fc.constantFrom(...TRUST_LEVELS),
    digest: fc.constantFrom('d', 'x'),
    epoch: fc.constantFrom(1, 2),
  });
  const anyFacts = fc.record({ allowedActions: fc.option(fc.array(fc.constantFrom('mail.send', 'mail.search', 'news.post'))), digest: fc.constantFrom('d', 'x'), epoch: fc.option(fc.constantFrom(1, 2)), risk: fc.constant(calm) });
  const line = fc.record({ action: fc.constantFrom('mail.send', 'mail.search', 'news.post', 'bank.pay'), verdict: fc.constantFrom(...STRICTNESS), because: fc.string() });
  const anyDocument = fc.record({ name: fc.string(), actions: fc.array(line), gateExpiresAfterHours: fc.constant(1), authorizationExpiresAfterMinutes: fc.constant(1) });
  const strictness = (action: RequestedAction, facts: Facts, doc: PolicyDocument) => STRICTNESS.indexOf(outwardEffects.judge(action, facts, doc).verdict);

  test('[V10] P5 no document, context or request makes an outward effect allowed; an unnamed action is refused', () => {
    fc.assert(
      fc.property(anyAction, anyFacts, anyDocument, (action, facts, doc) => {
        const { verdict: given } = outwardEffects.judge(action, facts, doc);
        if (action.effectClass !== 'read-only') expect(given).not.toBe('allow');
        if (!doc.actions.some((one) => one.action === action.action)) expect(given).toBe('refuse');
      }),
    );
  });

  test('P6 less trust never gives a milder verdict', () => {
    fc.assert(
      fc.property(anyAction, anyFacts, anyDocument, fc.constantFrom(...TRUST_LEVELS), (action, facts, doc, other) => {
        const [more, less] = TRUST_LEVELS.indexOf(action.trust) <= TRUST_LEVELS.indexOf(other) ? [action.trust, other] : [other, action.trust];
        expect(strictness({ ...action, trust: less }, facts, doc)).toBeGreaterThanOrEqual(strictness({ ...action, trust: more }, facts, doc));
      }),
    );
  });
});
