/** Codes of the approval page against whoever changes, moves, keeps or makes them up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DecideGate, GateEvent } from '@soloist/contracts';
import { asked, DIGEST, GATE, given, RUN, seal, terms, wish } from '../domain/gate.fixture.js';
import { decideGate } from '../domain/gate.js';
import { approvalLinksOf } from './hmac.approval-links.js';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-24T10:00:00.000Z');
const at = (minutes: number): string => new Date(START + minutes * MINUTE_MS).toISOString();
const links = approvalLinksOf(Buffer.alloc(32, 7));
const strangers = approvalLinksOf(Buffer.alloc(32, 8));
const gate = { gateId: GATE, digest: DIGEST };
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';

type Attack = 'mutated' | 'cut' | 'longer' | 'other gate' | 'other digest' | 'other key' | 'link' | 'late' | 'from the future' | 'made up' | 'replayed' | 'expired gate';
const attacks = fc.constantFrom<Attack>('mutated', 'cut', 'longer', 'other gate', 'other digest', 'other key', 'link', 'late', 'from the future', 'made up', 'replayed', 'expired gate');

/** What somebody sends, to which gate, when; and what was decided there before. */
function forge(attack: Attack, position: number, letter: string, text: string, minutes: number): { code: string; gate: typeof gate; now: string } {
  const code = links.formCode(gate, at(0));
  const place = position % code.length;
  const sent = { code, gate, now: at(1) };
  switch (attack) {
    case 'mutated':
      return { ...sent, code: `${code.slice(0, place)}${code[place] === letter ? (letter === 'A' ? 'B' : 'A') : letter}${code.slice(place + 1)}` };
    case 'cut':
      return { ...sent, code: code.slice(0, place) };
    case 'longer':
      return { ...sent, code: `${code}${letter}` };
    case 'other gate':
      return { ...sent, gate: { ...gate, gateId: `${RUN}-g${2 + (position % 50)}` } };
    case 'other digest':
      return { ...sent, gate: { ...gate, digest: DIGEST.replace(/d$/, '0123456789abcef'[position % 15] ?? '0') } };
    case 'other key':
      return { ...sent, code: strangers.formCode(gate, at(0)) };
    case 'link':
      return { ...sent, code: links.linkCode(gate) };
    case 'late':
      return { ...sent, now: at(15 + minutes) };
    case 'from the future':
      return { ...sent, now: at(-1 - minutes) };
    case 'made up':
      return { ...sent, code: text };
    case 'replayed':
    case 'expired gate':
      return { ...sent, now: at(attack === 'expired gate' ? 73 * 60 : 2) };
  }
}

/** As the page does it: a code that holds becomes a command of its name, and governance decides. */
function decide(history: readonly GateEvent[], { code, gate: { gateId, digest }, now }: ReturnType<typeof forge>, change: Partial<DecideGate>): readonly GateEvent[] {
  const read = links.readFormCode(code, { gateId, digest }, now);
  if (read === null || read.isExpired) return [];
  return decideGate(given(...history), read.commandId, wish({ ...change, gateId, digest, surface: 'page' }), terms, null, now, seal);
}

test('[G12] [V6] of 20,000 mutated, replayed, expired, foreign and made-up approvals none is taken', () => {
  const first = decide(asked(), { code: links.formCode(gate, at(0)), gate, now: at(1) }, { decision: 'reject' });
  expect(first.map(({ type }) => type)).toEqual(['governance.gate.decided', 'governance.gate.refused']);
  let tried = 0;
  fc.assert(
    fc.property(attacks, fc.nat(10_000), fc.constantFrom(...BASE64URL), fc.string({ maxLength: 120 }), fc.integer({ min: 1, max: 100_000 }), (attack, position, letter, text, minutes) => {
      tried += 1;
      const history = attack === 'replayed' ? [...asked(), ...first] : asked();
      const events = decide(history, forge(attack, position, letter, text, minutes), { decision: 'approve' });
      expect(events.filter(({ type }) => type === 'governance.gate.authorized' || type === 'governance.gate.decided')).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
  expect(tried).toBe(20_000);
});

test('I1 a link opens its own gate and no other, and a form code opens nothing', () => {
  const code = links.linkCode(gate);
  expect(links.opens(code, gate)).toBe(true);
  for (const other of [{ ...gate, gateId: `${RUN}-g2` }, { ...gate, digest: 'e'.repeat(64) }]) expect(links.opens(code, other)).toBe(false);
  expect(links.opens(links.formCode(gate, at(0)), gate)).toBe(false);
  expect(strangers.opens(code, gate)).toBe(false);
  expect(links.opens(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`, gate)).toBe(false);
});

test('I3 a form code holds for a quarter of an hour, and each page has its own', () => {
  const [one, other] = [links.formCode(gate, at(0)), links.formCode(gate, at(0))];
  expect(links.readFormCode(one, gate, at(15))).toMatchObject({ isExpired: false });
  expect(links.readFormCode(one, gate, at(15.1))).toMatchObject({ isExpired: true });
  expect(links.readFormCode(one, gate, at(0))?.commandId).not.toBe(links.readFormCode(other, gate, at(0))?.commandId);
});
