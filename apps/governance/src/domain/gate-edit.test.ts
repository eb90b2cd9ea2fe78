import { editProblem, type DecideGate, type GateEvent } from '@soloist/contracts';
import { describe, expect, test } from 'vitest';
import { judgeEdit, type JudgedEdit } from './gate-edit.js';
import { asked, DIGEST, GATE, given, NOW, seal, terms, typesOf, verdictOf, wish } from './gate.fixture.js';
import { decideGate } from './gate.js';
import { liveFacts } from '../policies/live-facts.js';

const AFTER = 'a'.repeat(64);
const args = { to: ['client@acme.example'], subject: 'Rate', text: 'The rate is 105 EUR.' };
const facts = liveFacts({ action: 'mail.send', args, effectClass: 'check-first', trust: 'third-party-text' }, { known: new Set(), quietHours: undefined, at: NOW });
const found = (change: Partial<JudgedEdit> = {}): JudgedEdit => ({ digest: AFTER, verdict: verdictOf('gate'), facts, ...change });

function decide(edit: DecideGate['edit'], judged: JudgedEdit = found(), change: Partial<DecideGate> = {}, history: readonly GateEvent[] = asked()): readonly GateEvent[] {
  const said = wish({ ...change, ...(edit === undefined ? {} : { edit }) });
  return decideGate(given(...history), 'c1', said, terms, null, NOW, seal, (card) => (said.edit === undefined ? judged : judgeEdit(card, said.edit, said.decision, () => judged)));
}

describe('edit, then approve', () => {
  test('[V6] I3 what goes out is what was changed, with both digests on record in the same commit', () => {
    const events = decide({ args, digest: AFTER });
    expect(typesOf(events)).toEqual(['decided', 'edited', 'authorized']);
    expect(events[1]?.data).toMatchObject({ gateId: GATE, label: 'edited by operator', digestBefore: DIGEST, digestAfter: AFTER, fields: ['subject', 'text'], args, verdict: 'gate' });
    expect(events[2]?.data).toMatchObject({ args, digest: AFTER, action: 'mail.send', generation: 1 });
    expect(given(...asked(), ...events).gates.get(GATE)).toMatchObject({ standing: 'approved', isAuthorized: true, edit: { args, digest: AFTER } });
  });

  const refused: readonly [string, readonly GateEvent[]][] = [
    ['gate.edit-digest-mismatch', decide({ args, digest: 'b'.repeat(64) })],
    ['gate.edit-forbidden', decide({ args, digest: AFTER }, found({ verdict: verdictOf('refuse') }))],
    ['gate.edit-changes-nothing', decide({ args, digest: DIGEST }, found({ digest: DIGEST }))],
    ['gate.edit-of-rejection', decide({ args, digest: AFTER }, found(), { decision: 'reject' })],
    ['gate.edit-invalid', decide({ args: { ...args, to: ['nobody'] }, digest: AFTER })],
    ['gate.edit-invalid', decide({ args: { ...args, bcc: ['x@evil.example'] }, digest: AFTER })],
    ['gate.digest-mismatch', decide({ args, digest: AFTER }, found(), { digest: AFTER })],
  ];
  test.each(refused)('[G12] I2 %s: it is refused on record, the gate stays open, and the words of the edit are not kept', (code, events) => {
    expect(typesOf(events)).toEqual(['decision-refused']);
    expect(events[0]?.data).toMatchObject({ code, gateId: GATE });
    expect(JSON.stringify(events)).not.toContain('105 EUR');
    expect(given(...asked(), ...events).gates.get(GATE)?.standing).toBe('open');
  });

  test('[G12] a decided gate is not edited', () => {
    expect(decide({ args, digest: AFTER }, found(), {}, [...asked(), ...decide({ args, digest: AFTER })])).toEqual([]);
  });
});

describe('the shape of an edit', () => {
  const before = { calendar: 'team', guests: [{ name: 'A', isAsked: true }], minutes: 30, note: null };
  test.each([
    ['another text', { ...before, calendar: 'own' }, null],
    ['one more guest of the same kind', { ...before, guests: [...before.guests, { name: 'B', isAsked: false }] }, null],
    ['a field that was not there', { ...before, secret: true }, /secret/],
    ['a field less', { calendar: 'team' }, /keep the fields/],
    ['another kind of value', { ...before, minutes: '30' }, /arguments\.minutes must stay a number/],
    ['a stranger in a list', { ...before, guests: ['B'] }, /guests\.0/],
    ['half of a letter', { ...before, calendar: '\ud800' }, /half of a surrogate pair/],
  ])('of an action without a shape of its own: %s', (_what, after, problem) => {
    const found = editProblem('calendar.add', before, after);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });
});
