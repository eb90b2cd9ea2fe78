/** What the tests of gates are given: one request, its verdicts, and a seal that can be read. */
import type { DecideGate, GateEvent } from '@soloist/contracts';
import { evolveGates, noGates, type GateState } from './gate-state.js';
import { judgeRequest, type EffectRequest, type Seal, type Terms } from './gate.js';
import type { Verdict } from './policy.js';

export const NOW = '2026-11-24T10:00:00.000Z';
export const RUN = 'a'.repeat(32);
export const GATE = `${RUN}-g1`;
export const DIGEST = 'd'.repeat(64);

export const request: EffectRequest = {
  runId: RUN,
  effectId: `${RUN.slice(0, 24)}-e1`,
  epoch: 1,
  action: 'mail.send',
  args: { to: ['client@acme.example'], text: 'The rate is 95 EUR.' },
  digest: DIGEST,
  effectClass: 'check-first',
  trust: 'third-party-text',
  dataSubject: 'subject-1',
};

export const terms: Terms = { policyVersion: '0123456789abcdef', document: { gateExpiresAfterHours: 72, authorizationExpiresAfterMinutes: 60 }, stopGeneration: 4 };

export const seal: Seal = (authorization) => ({ ...authorization, nonce: `nonce-${authorization.generation}`, keyId: 'key', signature: 'signed' });

export const verdictOf = (verdict: Verdict['verdict']): Verdict => ({ verdict, code: `test.${verdict}`, reasons: ['because'] });

export function given(...events: readonly GateEvent[]): GateState {
  return events.reduce(evolveGates, noGates);
}

export function asked(): readonly GateEvent[] {
  return judgeRequest(noGates, request, verdictOf('gate'), terms, NOW, seal);
}

export function wish(change: Partial<DecideGate> = {}): DecideGate {
  return { type: 'governance.gate.decide', runId: RUN, gateId: GATE, decision: 'approve', digest: DIGEST, by: 'operator', surface: 'cli', reason: null, ...change };
}

export function typesOf(events: readonly GateEvent[]): readonly string[] {
  return events.map((event) => event.type.replace('governance.gate.', ''));
}
