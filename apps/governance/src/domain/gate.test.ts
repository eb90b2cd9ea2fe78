import type { GateEvent } from '@soloist/contracts';
import { reject } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { asked, DIGEST, GATE, given, NOW, request, RUN, seal, terms, typesOf, verdictOf, wish } from './gate.fixture.js';
import { decideGate, judgeRequest, openUnknownGate } from './gate.js';
import { expireGate, expireGatesOfEndedRun } from './gate-closing.js';
import { noGates } from './gate-state.js';

const decide = (history: readonly GateEvent[], change: Parameters<typeof wish>[0] = {}, commandId = 'c1', now = NOW) =>
  decideGate(given(...history), commandId, wish(change), terms, null, now, seal);

describe('judging a request', () => {
  test('given `allow`, then it is judged and authorized in one commit, complete and short-lived', () => {
    const events = judgeRequest(noGates, request, verdictOf('allow'), terms, NOW, seal);
    expect(typesOf(events)).toEqual(['judged', 'authorized']);
    expect(events[1]?.data).toMatchObject({ runId: RUN, generation: 1, digest: DIGEST, epoch: 1, stopGeneration: 4, policyVersion: terms.policyVersion, expiresAt: '2026-11-24T11:00:00.000Z' });
  });

  test('[V4] given `gate`, then the card holds exactly what was asked, and nothing is authorized', () => {
    expect(typesOf(asked())).toEqual(['judged', 'opened']);
    const { trust: _trust, runId: _runId, ...action } = request;
    expect(asked()[1]?.data).toEqual({ ...action, gateId: GATE, kind: 'outward-effect', generation: 1, reasons: ['because'], policyVersion: terms.policyVersion, expiresAt: '2026-11-27T10:00:00.000Z' });
  });

  test('given `refuse`, then the run is told which rule refused', () => {
    const events = judgeRequest(noGates, request, verdictOf('refuse'), terms, NOW, seal);
    expect(typesOf(events)).toEqual(['judged', 'refused']);
    expect(events[1]?.data).toMatchObject({ code: 'test.refuse', because: 'because' });
  });

  test('I1 given an effect that is judged, when its request comes again, then nothing happens', () => {
    expect(judgeRequest(given(...asked()), request, verdictOf('allow'), terms, NOW, seal)).toEqual([]);
  });

  test('given a gate of the run, when another effect is asked for, then its gate has the next number', () => {
    const second = judgeRequest(given(...asked()), { ...request, effectId: 'e2' }, verdictOf('gate'), terms, NOW, seal);
    expect(second[1]?.data).toMatchObject({ gateId: `${RUN}-g2` });
  });
});

describe('deciding', () => {
  test('[V6] given an open gate, when it is approved by its digest, then it is decided and authorized in one commit', () => {
    const events = decide(asked());
    expect(typesOf(events)).toEqual(['decided', 'authorized']);
    expect(events[0]?.data).toEqual({ gateId: GATE, commandId: 'c1', decision: 'approve', by: 'operator', surface: 'cli', digest: DIGEST, reason: null });
    expect(events[1]?.data).toMatchObject({ args: request.args, generation: 1, digest: DIGEST });
  });

  test('given an open gate, when it is rejected, then the effect is refused', () => {
    const events = decide(asked(), { decision: 'reject', reason: 'not like this' });
    expect(typesOf(events)).toEqual(['decided', 'refused']);
    expect(events[1]?.data).toMatchObject({ code: 'gate.rejected' });
  });

  test('[V6] [G12] given a decided gate, when it is decided again, the other way too, then there is no event', () => {
    const history = [...asked(), ...decide(asked())];
    expect(decide(history, {}, 'c2')).toEqual([]);
    expect(decide(history, { decision: 'reject' }, 'c3')).toEqual([]);
    expect(given(...history).gates.get(GATE)).toMatchObject({ standing: 'approved', isAuthorized: true, decidedBy: { commandId: 'c1' } });
  });

  test('[V6] [G12] given another digest than the one shown, then the decision is refused on record and the gate stays as it is', () => {
    for (const history of [asked(), [...asked(), ...decide(asked())]]) {
      const events = decide(history, { digest: 'e'.repeat(64) }, 'c2');
      expect(typesOf(events)).toEqual(['decision-refused']);
      expect(events[0]?.data).toMatchObject({ code: 'gate.digest-mismatch', commandId: 'c2', gateId: GATE, decision: 'approve', digest: 'e'.repeat(64), by: 'operator', surface: 'cli', reason: null });
      expect(given(...history, ...events).gates).toEqual(given(...history).gates);
    }
  });

  test('[G12] given an expired gate, then the decision is refused, the run is told, and the gate is closed for ever', () => {
    const late = '2026-11-27T10:00:00.000Z';
    const events = decide(asked(), {}, 'c1', late);
    expect(typesOf(events)).toEqual(['decision-refused', 'expired', 'refused']);
    expect([events[0], events[2]].map((event) => (event?.data as { code: string }).code)).toEqual(['gate.expired', 'gate.expired']);
    expect(decide([...asked(), ...events], {}, 'c2')).toEqual([]);
    expect(typesOf(decide(asked(), {}, 'c1', '2026-11-27T09:59:59.999Z'))).toEqual(['decided', 'authorized']);
  });

  test('given a gate that the run does not have, then the decision is refused on record', () => {
    expect(decide(asked(), { gateId: `${RUN}-g9` })[0]?.data).toMatchObject({ code: 'gate.unknown' });
  });

  test('given a hindrance, then an approval is refused and the gate stays open, but a rejection counts', () => {
    const halted = reject('company.halted', 'The company is stopped.');
    const events = decideGate(given(...asked()), 'c1', wish(), terms, halted, NOW, seal);
    const { type: _type, runId: _runId, ...said } = wish();
    expect(events).toEqual([{ type: 'governance.gate.decision-refused', data: { ...said, commandId: 'c1', code: 'company.halted', because: 'The company is stopped.' } }]);
    expect(given(...asked(), ...events).gates.get(GATE)?.standing).toBe('open');
    expect(typesOf(decideGate(given(...asked()), 'c1', wish({ decision: 'reject' }), terms, halted, NOW, seal))).toEqual(['decided', 'refused']);
  });

  test('given a command whose refusal is on record, when it is delivered again, then there is no event', () => {
    const refused = decide(asked(), { digest: 'e'.repeat(64) });
    expect(decide([...asked(), ...refused], { digest: 'e'.repeat(64) })).toEqual([]);
  });
});

describe('a gate that nobody decides', () => {
  const due = '2026-11-27T10:00:00.000Z';

  test('gate-closing I1 given an open gate, when its time is over, then it is closed and the run is told that the effect was refused', () => {
    const events = expireGate(given(...asked()), GATE, due);
    expect(typesOf(events)).toEqual(['expired', 'refused']);
    expect(events[1]?.data).toMatchObject({ effectId: request.effectId, generation: 1, code: 'gate.expired' });
    expect(given(...asked(), ...events).gates.get(GATE)?.standing).toBe('expired');
    expect(expireGate(given(...asked()), GATE, '2026-11-27T09:59:59.999Z')).toEqual([]);
    expect(expireGate(given(...asked()), `${RUN}-g9`, due)).toEqual([]);
  });

  test('[G12] given a decision and an expiry at the same moment, then whichever is written first is the only one', () => {
    const inTime = decide(asked());
    expect(expireGate(given(...asked(), ...inTime), GATE, due)).toEqual([]);
    const lapsed = expireGate(given(...asked()), GATE, due);
    expect(decide([...asked(), ...lapsed], {}, 'c2')).toEqual([]);
    expect(expireGate(given(...asked(), ...lapsed), GATE, due)).toEqual([]);
  });

  test('given a run that has ended, then what it still asks about is closed, and nothing else', () => {
    const second = judgeRequest(given(...asked()), { ...request, effectId: 'e2' }, verdictOf('gate'), terms, NOW, seal);
    const history = [...asked(), ...second, ...decide([...asked(), ...second])];
    const events = expireGatesOfEndedRun(given(...history));
    expect(typesOf(events)).toEqual(['expired', 'refused']);
    expect(events[0]?.data).toMatchObject({ gateId: `${RUN}-g2` });
    expect(expireGatesOfEndedRun(given(...history, ...events))).toEqual([]);
  });
});

describe('an unknown outcome', () => {
  const sent = [...asked(), ...decide(asked())];
  const unknown = { runId: RUN, effectId: request.effectId, generation: 1, reasons: ['no answer'] };
  const asksAgain = openUnknownGate(given(...sent), unknown, terms, NOW);

  test('given an attempt without an outcome, then the operator is asked once, about the same action', () => {
    expect(asksAgain).toHaveLength(1);
    expect(asksAgain[0]?.data).toMatchObject({ gateId: `${RUN}-g2`, kind: 'unknown-outcome', generation: 1, digest: DIGEST, args: request.args });
    expect(openUnknownGate(given(...sent, ...asksAgain), unknown, terms, NOW)).toEqual([]);
  });

  test('I5 given an approval, then it is authorized as the next generation, with another nonce', () => {
    const events = decide([...sent, ...asksAgain], { gateId: `${RUN}-g2` }, 'c2');
    expect(typesOf(events)).toEqual(['decided', 'authorized']);
    expect(events[1]?.data).toMatchObject({ generation: 2, nonce: 'nonce-2' });
    const after = given(...sent, ...asksAgain, ...events);
    expect([after.gates.get(GATE)?.isAuthorized, after.gates.get(`${RUN}-g2`)?.isAuthorized]).toEqual([true, true]);
    expect(openUnknownGate(after, unknown, terms, NOW)).toEqual([]);
    expect(openUnknownGate(after, { ...unknown, generation: 2 }, terms, NOW)[0]?.data).toMatchObject({ gateId: `${RUN}-g3`, generation: 2 });
  });

  test('given a rejection or an expired gate, then the run is told that it stays unknown, never that nothing happened', () => {
    const rejected = decide([...sent, ...asksAgain], { gateId: `${RUN}-g2`, decision: 'reject' }, 'c2');
    const expired = decide([...sent, ...asksAgain], { gateId: `${RUN}-g2` }, 'c2', '2027-01-01T00:00:00.000Z');
    const lapsed = expireGate(given(...sent, ...asksAgain), `${RUN}-g2`, '2027-01-01T00:00:00.000Z');
    expect(lapsed.at(-1)?.data).toMatchObject({ code: 'effect.left-unknown', generation: 1 });
    expect(rejected.at(-1)?.data).toMatchObject({ code: 'effect.left-unknown', generation: 1 });
    expect(expired.at(-1)?.data).toMatchObject({ code: 'effect.left-unknown', generation: 1 });
  });

  test('given an effect that was never authorized, then nothing is asked', () => {
    expect(openUnknownGate(given(...asked()), unknown, terms, NOW)).toEqual([]);
  });
});
