import type { EffectLine } from '@soloist/contracts';
import { describe, expect, it } from 'vitest';
import { observationOf } from './outcome.js';

const line = (generation: number, state: EffectLine['state'], effectId = 'e1'): EffectLine => ({
  effectId, generation, state, digest: 'a'.repeat(64), idempotencyKey: 'k', nonce: 'n', action: 'mail.send', effectClass: 'check-first',
});
const refused = (generation: number) => ({ type: 'connectors.effect.refused' as const, data: { effectId: 'e1', generation, code: 'authorization.expired', because: 'Too late.' } });

describe('what the run is told about its effect', () => {
  it('an authorization that was not acted on is a refusal', () => {
    expect(observationOf(refused(1), [line(1, 'attempted', 'e2')])).toEqual({ outcome: 'refused', detail: { code: 'authorization.expired', because: 'Too late.' } });
  });

  it('a second authorization of a try that exists says nothing about the try', () => {
    expect(observationOf(refused(1), [line(1, 'attempted')])).toBeNull();
    expect(observationOf(refused(1), [line(2, 'attempted')])).toBeNull();
  });

  it.each(['attempted', 'unknown', 'succeeded'] as const)('a refused repeat does not make a try that is %s undone', (state) => {
    expect(observationOf(refused(2), [line(1, state)])?.outcome).toBe('unknown');
  });

  it('a refused repeat of a try that failed for certain is a refusal', () => {
    expect(observationOf(refused(2), [line(1, 'failed')])?.outcome).toBe('refused');
  });

  it.each(['attempted', 'unknown'] as const)('[G8] a repeat that failed for certain does not make an earlier try that is %s undone', (state) => {
    const failed = { type: 'connectors.effect.failed' as const, data: { effectId: 'e1', generation: 2, faultKind: 'transient', code: 'smtp.connect-failed', because: 'Nobody there.' } };
    expect(observationOf(failed, [line(1, state), line(2, 'failed')])?.outcome).toBe('unknown');
    expect(observationOf(failed, [line(1, 'failed'), line(2, 'failed')])?.outcome).toBe('failed');
  });

  it('[G9] a late answer to an earlier try says nothing while a later one is under way, and stands once that one failed', () => {
    const late = { type: 'connectors.effect.succeeded' as const, data: { effectId: 'e1', generation: 1, dataSubject: 'a', receipt: {}, knownBy: 'wire' as const } };
    const failed = { type: 'connectors.effect.failed' as const, data: { effectId: 'e1', generation: 2, faultKind: 'transient', code: 'smtp.connect-failed', because: 'Nobody there.' } };
    expect(observationOf(late, [line(1, 'succeeded'), line(2, 'attempted')])).toBeNull();
    expect(observationOf(failed, [line(1, 'succeeded'), line(2, 'failed')])?.outcome).toBe('succeeded');
    expect(observationOf(late, [line(1, 'succeeded'), line(2, 'unknown')])?.outcome).toBe('succeeded');
    expect(observationOf(late, [line(1, 'succeeded'), line(2, 'attempted', 'e2')])?.outcome).toBe('succeeded');
  });

  it('success and failure come with what is known', () => {
    const which = { effectId: 'e1', generation: 1 };
    expect(observationOf({ type: 'connectors.effect.succeeded', data: { ...which, dataSubject: 'a', receipt: { id: 'x' }, knownBy: 'wire' } }, [])).toEqual({ outcome: 'succeeded', detail: { receipt: { id: 'x' }, knownBy: 'wire' } });
    expect(observationOf({ type: 'connectors.effect.failed', data: { ...which, faultKind: 'invalid', code: 'smtp.550', because: 'No such user.' } }, [])).toEqual({ outcome: 'failed', detail: { code: 'smtp.550', because: 'No such user.' } });
    expect(observationOf({ type: 'governance.gate.refused', data: { ...which, code: 'effect.left-unknown', because: '' } }, [])?.outcome).toBe('unknown');
  });
});
