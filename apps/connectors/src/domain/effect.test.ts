import type { EffectEvent } from '@soloist/contracts';
import { isRejection } from '@soloist/kernel';
import { describe, expect, it } from 'vitest';
import { attempt, evolveEffects, fail, initialEffects, leaveUnknown, lineOf, refuse, snapshotOfEffects, succeed, type Attempted, type EffectTable } from './effect.js';

const first = { effectId: 'run-e1', generation: 1 };
const second = { effectId: 'run-e1', generation: 2 };
const fault = { faultKind: 'invalid', code: 'mail.refused', because: 'no such user' };
const receipt = { ...first, dataSubject: 'subject-1', receipt: { messageId: '<run-e1-g1@soloist.local>' }, knownBy: 'wire' as const };

function wanted(which: { effectId: string; generation: number }, nonce = `nonce-${which.effectId}-${which.generation}`): Attempted {
  return { ...which, action: 'mail.send', digest: 'a'.repeat(64), nonce, effectClass: 'check-first', epoch: 1, claimName: 'claim-1' };
}
function given(...decisions: readonly ((table: EffectTable) => readonly EffectEvent[] | { rejected: true })[]): EffectTable {
  return decisions.reduce((table, decide) => {
    const events = decide(table);
    if (isRejection(events)) throw new Error(`given: ${events.code}`);
    return (events as readonly EffectEvent[]).reduce(evolveEffects, table);
  }, initialEffects);
}
const tried = (which = first) => (table: EffectTable) => attempt(table, wanted(which));
const succeeded = (table: EffectTable) => succeed(table, receipt);
const failed = (which = first) => (table: EffectTable) => fail(table, which, fault);
const unknown = (which = first) => (table: EffectTable) => leaveUnknown(table, which, 'cut', 'look');
const codeOf = (decision: unknown): string | null => (isRejection(decision) ? decision.code : null);

describe('attempt', () => {
  it('given nothing, claims the generation under its own key (I1)', () => {
    expect(attempt(initialEffects, wanted(first))).toEqual([
      { type: 'connectors.effect.attempted', data: { ...wanted(first), idempotencyKey: 'run-e1-g1' } },
    ]);
  });

  it('[G7] claims the next generation under another key (I1)', () => {
    expect(attempt(given(tried(), failed()), wanted(second))).toMatchObject([{ type: 'connectors.effect.attempted', data: { generation: 2, idempotencyKey: 'run-e1-g2' } }]);
  });

  it.each([
    ['attempted', given(tried())],
    ['succeeded', given(tried(), succeeded)],
    ['failed', given(tried(), failed())],
    ['unknown', given(tried(), unknown())],
  ])('[G8] given the generation is %s, refuses it, whatever the nonce (I1)', (_state, table) => {
    expect(codeOf(attempt(table, wanted(first)))).toBe('effect.generation-attempted');
    expect(codeOf(attempt(table, wanted(first, 'fresh')))).toBe('effect.generation-attempted');
  });

  it('[G12] refuses a nonce that was used, for any other effect or generation (I1)', () => {
    const table = given(tried(), failed());
    expect(codeOf(attempt(table, wanted(second, 'nonce-run-e1-1')))).toBe('authorization.used');
    expect(codeOf(attempt(table, wanted({ effectId: 'run-e2', generation: 1 }, 'nonce-run-e1-1')))).toBe('authorization.used');
  });

  it('refuses a repeat while the earlier generation is in doubt, and after it succeeded', () => {
    expect(codeOf(attempt(given(tried()), wanted(second)))).toBe('effect.in-doubt');
    expect(codeOf(attempt(given(tried(), succeeded), wanted(second)))).toBe('effect.already-succeeded');
    expect(codeOf(attempt(given(tried(), unknown(), succeeded), wanted(second)))).toBe('effect.already-succeeded');
  });

  it('allows the next generation after failed or unknown, and another effect at any time', () => {
    for (const table of [given(tried(), failed()), given(tried(), unknown())]) {
      expect(codeOf(attempt(table, wanted(second)))).toBeNull();
      expect(codeOf(attempt(table, wanted({ effectId: 'run-e2', generation: 1 })))).toBeNull();
    }
  });

  it('refuses to go back to a generation before the last one', () => {
    expect(codeOf(attempt(given(tried(second), failed(second)), wanted(first)))).toBe('effect.generation-superseded');
  });
});

describe('outcomes', () => {
  it('records success, failure and doubt once each; a repeat changes nothing', () => {
    const open = given(tried());
    expect(succeed(open, receipt)).toEqual([{ type: 'connectors.effect.succeeded', data: receipt }]);
    expect(fail(open, first, fault)).toEqual([{ type: 'connectors.effect.failed', data: { ...first, ...fault } }]);
    expect(leaveUnknown(open, first, 'cut', 'look')).toEqual([{ type: 'connectors.effect.unknown', data: { ...first, because: 'cut', reconcileHint: 'look' } }]);
    expect(succeed(given(tried(), succeeded), receipt)).toEqual([]);
    expect(fail(given(tried(), failed()), first, fault)).toEqual([]);
    expect(leaveUnknown(given(tried(), unknown()), first, 'cut', 'look')).toEqual([]);
  });

  it('lets an unknown outcome turn out to have succeeded, and nothing else change (I2)', () => {
    expect(codeOf(succeed(given(tried(), unknown()), receipt))).toBeNull();
    expect(fail(given(tried(), unknown()), first, fault)).toEqual([]);
    expect(codeOf(fail(given(tried(), succeeded), first, fault))).toBe('effect.settled');
    expect(codeOf(succeed(given(tried(), failed()), receipt))).toBe('effect.settled');
    expect(leaveUnknown(given(tried(), succeeded), first, 'cut', 'look')).toEqual([]);
  });

  it('gives no outcome to what was never attempted', () => {
    for (const decision of [succeed(initialEffects, receipt), fail(initialEffects, first, fault), leaveUnknown(initialEffects, first, 'cut', 'look')]) {
      expect(codeOf(decision)).toBe('effect.never-attempted');
    }
  });
});

describe('refuse', () => {
  const refusal = { rejected: true as const, code: 'authorization.expired', because: 'too late' };
  it('records a refusal once for each generation (I3)', () => {
    const events = refuse(initialEffects, first, refusal);
    expect(events).toEqual([{ type: 'connectors.effect.refused', data: { ...first, code: 'authorization.expired', because: 'too late' } }]);
    const table = events.reduce(evolveEffects, initialEffects);
    expect(refuse(table, first, refusal)).toEqual([]);
    expect(refuse(table, second, refusal)).toHaveLength(1);
    expect(refuse(table, first, { ...refusal, code: 'other' })).toEqual([]);
  });
  it('[G8] is the last word on the generation, also for a worker whose clock would not have refused; the next one is free (I3)', () => {
    const table = refuse(initialEffects, first, refusal).reduce(evolveEffects, initialEffects);
    expect(codeOf(attempt(table, wanted(first)))).toBe('effect.refused-before');
    expect(codeOf(attempt(table, wanted(second)))).toBeNull();
  });
});

it('a snapshot stands for the whole history', () => {
  const table = given(tried(), unknown(), tried(second), (state) => refuse(state, second, { rejected: true, code: 'x', because: 'y' }));
  expect(evolveEffects(initialEffects, snapshotOfEffects(table))).toEqual(table);
  expect(lineOf(table, first)?.state).toBe('unknown');
});
