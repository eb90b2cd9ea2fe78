import type { DecideGate, GateEvent } from '@soloist/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asked, DIGEST, GATE, given, RUN, seal, terms, wish } from './gate.fixture.js';
import { decideGate } from './gate.js';
import { expireGate } from './gate-closing.js';

const change: fc.Arbitrary<Partial<DecideGate>> = fc.record(
  {
    decision: fc.constantFrom('approve' as const, 'reject' as const),
    digest: fc.constantFrom(DIGEST, 'e'.repeat(64), `${DIGEST.slice(0, 63)}c`),
    gateId: fc.constantFrom(GATE, `${RUN}-g2`, `${RUN}-g11`),
    surface: fc.constantFrom('cli' as const, 'api' as const, 'page' as const),
  },
  { requiredKeys: [] },
);
const minutes = fc.integer({ min: 0, max: 80 * 60 });

test('[G12] [V6] however often, late and wrongly a gate is decided, at most one decision counts, and only in time and for its digest', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(change, minutes, fc.nat(5), fc.boolean()), { maxLength: 30 }), (wishes) => {
      const history: GateEvent[] = [...asked()];
      for (const [changed, minute, command, isSweep] of wishes) {
        const now = new Date(Date.UTC(2026, 10, 24, 10, minute)).toISOString();
        const before = history.length;
        history.push(...(isSweep ? expireGate(given(...history), GATE, now) : decideGate(given(...history), `c${command}`, wish(changed), terms, null, now, seal)));
        for (const event of history.slice(before)) {
          if (event.type !== 'governance.gate.authorized') continue;
          expect({ ...wish(changed), minute: minute < 72 * 60 }).toMatchObject({ decision: 'approve', digest: DIGEST, gateId: GATE, minute: true });
        }
      }
      const count = (type: GateEvent['type']): number => history.filter((event) => event.type === type).length;
      expect(count('governance.gate.decided') + count('governance.gate.expired')).toBeLessThanOrEqual(1);
      expect(count('governance.gate.authorized') + count('governance.gate.refused')).toBeLessThanOrEqual(1);
      expect(count('governance.gate.authorized')).toBeLessThanOrEqual(count('governance.gate.decided'));
    }),
    { numRuns: 500 },
  );
});
