import type { EffectEvent } from '@soloist/contracts';
import { isRejection, type Rejection } from '@soloist/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { attempt, evolveEffects, fail, initialEffects, leaveUnknown, refuse, snapshotOfEffects, succeed, type EffectTable } from './effect.js';

/** What several workers, authorizations and redeliveries may ask of one run's table, in any order. */
const which = fc.record({ effectId: fc.constantFrom('e1', 'e2'), generation: fc.integer({ min: 1, max: 4 }) });
const ask = fc.oneof(
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('attempt' as const), which, nonce: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constantFrom('succeed' as const, 'fail' as const, 'unknown' as const), which }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('refuse' as const), which, code: fc.constantFrom('a', 'b') }) },
);
type Ask = typeof ask extends fc.Arbitrary<infer T> ? T : never;

function decide(table: EffectTable, asked: Ask): readonly EffectEvent[] | Rejection {
  switch (asked.verb) {
    case 'attempt':
      return attempt(table, { ...asked.which, action: 'mail.send', digest: '0'.repeat(64), nonce: `n${asked.nonce}`, effectClass: 'check-first', epoch: 1, claimName: 'c' });
    case 'succeed':
      return succeed(table, { ...asked.which, dataSubject: 's', receipt: {}, knownBy: 'wire' });
    case 'fail':
      return fail(table, asked.which, { faultKind: 'transient', code: 'x', because: 'y' });
    case 'unknown':
      return leaveUnknown(table, asked.which, 'x', 'y');
    case 'refuse':
      return refuse(table, asked.which, { rejected: true, code: asked.code, because: 'z' });
  }
}

function historyOf(asks: readonly Ask[]): { table: EffectTable; events: readonly EffectEvent[]; tables: readonly EffectTable[] } {
  const events: EffectEvent[] = [];
  const tables: EffectTable[] = [];
  let table = initialEffects;
  for (const asked of asks) {
    const decision = decide(table, asked);
    if (isRejection(decision)) continue;
    events.push(...decision);
    table = decision.reduce(evolveEffects, table);
    tables.push(table);
  }
  return { table, events, tables };
}
const asks = fc.array(ask, { maxLength: 60 });
const keyOf = (event: { data: { effectId: string; generation: number } }): string => `${event.data.effectId}-g${event.data.generation}`;

it('[G8] no generation is ever attempted twice', () => {
  fc.assert(
    fc.property(asks, (list) => {
      const attempted = new Set<string>();
      for (const event of historyOf(list).events) {
        if (event.type === 'connectors.effect.attempted') {
          expect(attempted.has(keyOf(event))).toBe(false);
          attempted.add(keyOf(event));
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

it('[G12] no nonce is ever consumed twice', () => {
  fc.assert(
    fc.property(asks, (list) => {
      const nonces = historyOf(list).events.flatMap((event) => (event.type === 'connectors.effect.attempted' ? [event.data.nonce] : []));
      expect(new Set(nonces).size).toBe(nonces.length);
    }),
    { numRuns: 2_000 },
  );
});

it('no generation is attempted after an earlier one succeeded or while one is in doubt', () => {
  fc.assert(
    fc.property(asks, (list) => {
      let table = initialEffects;
      for (const event of historyOf(list).events) {
        if (event.type === 'connectors.effect.attempted') {
          const others = table.lines.filter((line) => line.effectId === event.data.effectId);
          expect(others.every((line) => line.state === 'failed' || line.state === 'unknown')).toBe(true);
        }
        table = evolveEffects(table, event);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('replay equals snapshot plus tail, wherever the snapshot is taken', () => {
  fc.assert(
    fc.property(asks, fc.nat(60), (list, cut) => {
      const { table, events } = historyOf(list);
      const before = events.slice(0, cut).reduce(evolveEffects, initialEffects);
      const restored = evolveEffects(initialEffects, snapshotOfEffects(before));
      expect(events.slice(cut).reduce(evolveEffects, restored)).toEqual(table);
    }),
    { numRuns: 500 },
  );
});

it('what has succeeded or failed never changes', () => {
  fc.assert(
    fc.property(asks, (list) => {
      const settled = new Map<string, string>();
      for (const table of historyOf(list).tables) {
        for (const line of table.lines) {
          const before = settled.get(line.idempotencyKey);
          if (before !== undefined) expect(line.state).toBe(before);
          if (line.state === 'succeeded' || line.state === 'failed') settled.set(line.idempotencyKey, line.state);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
