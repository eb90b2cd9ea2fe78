import type { Authorization } from '@soloist/contracts';
import { isRejection, reject } from '@soloist/kernel';
import { describe, expect, it } from 'vitest';
import { claimEffect, type Claim } from './claim.js';
import { initialEffects } from './effect.js';
import { companyStop, loopStanding } from './standing.js';

const now = '2026-01-05T10:00:00.000Z';
const authorization: Authorization = {
  runId: 'run-1',
  effectId: 'run-1-e1',
  generation: 1,
  action: 'mail.send',
  args: {},
  digest: 'a'.repeat(64),
  effectClass: 'check-first',
  epoch: 2,
  stopGeneration: 1,
  policyVersion: 'b'.repeat(16),
  expiresAt: '2026-01-05T10:00:00.001Z',
  nonce: 'nonce-1',
  dataSubject: 'subject-1',
  keyId: 'key-1',
  signature: 'signature',
};
const good: Claim = {
  runId: 'run-1',
  authorization,
  isSignatureValid: true,
  outbound: { effectClass: 'check-first', digest: 'a'.repeat(64) },
  loop: { epoch: 2, isFinished: false, isPaused: false },
  stop: { isRaised: false, generation: 1 },
  claimName: 'claim-1',
};
function codeOf(claim: Claim, at = now): string | null {
  const decision = claimEffect(initialEffects, claim, at);
  return isRejection(decision) ? decision.code : null;
}

describe('claimEffect', () => {
  it('given a genuine, fresh authorization for exactly what would go out, claims it', () => {
    expect(claimEffect(initialEffects, good, now)).toMatchObject([
      { type: 'connectors.effect.attempted', data: { effectId: 'run-1-e1', nonce: 'nonce-1', epoch: 2, idempotencyKey: 'run-1-e1-g1', claimName: 'claim-1' } },
    ]);
  });

  it.each<[string, string, Claim]>([
    ['a signature that does not hold', 'authorization.signature-invalid', { ...good, isSignatureValid: false }],
    ["another run's authorization", 'authorization.other-run', { ...good, runId: 'run-2' }],
    ['an action nobody can do', 'effect.action-unknown', { ...good, outbound: reject('effect.action-unknown', '') }],
    ['a class other than the connector declares', 'effect.class-differs', { ...good, outbound: { effectClass: 'never', digest: 'a'.repeat(64) } }],
    ['an outbound request with another digest', 'effect.digest-differs', { ...good, outbound: { effectClass: 'check-first', digest: 'c'.repeat(64) } }],
    ['a run without a claim', 'run.epoch-unknown', { ...good, loop: { epoch: null, isFinished: false, isPaused: false } }],
    ['a run that has ended', 'run.finished', { ...good, loop: { epoch: 2, isFinished: true, isPaused: false } }],
    ['a stopped company', 'halt.raised', { ...good, stop: { isRaised: true, generation: 1 } }],
    ['an authorization from before the last stop', 'authorization.before-stop', { ...good, stop: { isRaised: false, generation: 2 } }],
  ])('[G12] refuses %s', (_what, code, claim) => expect(codeOf(claim)).toBe(code));

  it('[G10] refuses an authorization of an older epoch, and of one that never was', () => {
    expect(codeOf({ ...good, loop: { epoch: 3, isFinished: false, isPaused: false } })).toBe('authorization.epoch-stale');
    expect(codeOf({ ...good, loop: { epoch: 1, isFinished: false, isPaused: false } })).toBe('authorization.epoch-stale');
  });

  it('[G12] is good before it expires, not at that moment or after', () => {
    expect(codeOf(good, '2026-01-05T10:00:00.000Z')).toBeNull();
    expect(codeOf(good, '2026-01-05T10:00:00.001Z')).toBe('authorization.expired');
    expect(codeOf(good, '2026-01-06T00:00:00.000Z')).toBe('authorization.expired');
  });

  it('believes nothing in an authorization before its signature (I1)', () => {
    expect(codeOf({ ...good, isSignatureValid: false, runId: 'run-2' }, '2030-01-01T00:00:00.000Z')).toBe('authorization.signature-invalid');
  });
});

describe('standing', () => {
  it("takes the epoch of the loop's last commit from whichever event names one", () => {
    expect(loopStanding([{ type: 'runtime.loop.claimed', data: { epoch: 3 } }, { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: 'x' } }])).toEqual({ epoch: 3, isFinished: false, isPaused: false });
    expect(loopStanding([{ type: 'runtime.loop.effect-observed', data: {} }, { type: 'runtime.loop.finished', data: {} }])).toEqual({ epoch: null, isFinished: true, isPaused: false });
    expect(loopStanding([])).toEqual({ epoch: null, isFinished: false, isPaused: false });
  });
  it('reads the company stop from its last event', () => {
    expect(companyStop([])).toEqual({ isRaised: false, generation: 0 });
    expect(companyStop([{ type: 'governance.halt.raised', data: { generation: 2 } }])).toEqual({ isRaised: true, generation: 2 });
    expect(companyStop([{ type: 'governance.halt.lifted', data: { generation: 2 } }])).toEqual({ isRaised: false, generation: 2 });
  });
});
