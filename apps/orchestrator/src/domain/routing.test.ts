import { describe, expect, it } from 'vitest';
import { place, type RoutedMail, type Rule, type Rulebook } from './routing.js';

const contains = (pattern: string, field: string): boolean => field.toLowerCase().includes(pattern.toLowerCase());
const mail: RoutedMail = { from: 'jane@client.example', to: ['desk@soloist.example', 'me@soloist.example'], subject: 'Rate for June', text: 'What is your rate?' };
const toDesk: Rule = { name: 'desk', when: { to: ['desk@'] }, route: { agent: 'client-desk' }, because: 'Sent to the desk.' };
const rates: Rule = { name: 'rates', when: { subject: ['rate'] }, route: 'archive', because: 'About rates.' };

function book(rules: readonly Rule[], otherwise: Rulebook['otherwise'] = 'inbox'): Rulebook {
  return { rules, otherwise, version: 'a'.repeat(16), agents: new Set(['client-desk']), matches: contains };
}

describe('place', () => {
  it('lets the first rule that holds decide, and tells its reason and the version of the rules (I3)', () => {
    expect(place(book([rates, toDesk]), mail)).toEqual({
      route: { kind: 'archive' },
      rule: 'rates',
      reasons: ['About rates.', `Decided by routing rules ${'a'.repeat(16)}.`],
    });
    expect(place(book([toDesk, rates]), mail)).toMatchObject({ route: { kind: 'agent', agent: 'client-desk' }, rule: 'desk' });
  });

  it('asks all conditions of a rule, and one pattern of each', () => {
    const both: Rule = { ...rates, when: { subject: ['june', 'july'], from: ['client.example'] } };
    expect(place(book([both]), mail).rule).toBe('rates');
    expect(place(book([{ ...both, when: { ...both.when, from: ['other.example'] } }]), mail).rule).toBe('otherwise');
  });

  it.each([
    ['from', { from: ['jane@'] }],
    ['any recipient', { to: ['me@'] }],
    ['the text', { text: ['what is'] }],
    ['subject or text: the text', { subjectOrText: ['your rate'] }],
    ['subject or text: the subject', { subjectOrText: ['for june'] }],
  ])('looks at %s', (_field, when) => {
    expect(place(book([{ ...rates, when }]), mail).rule).toBe('rates');
  });

  it('sends what no rule fits to where `otherwise` says (I1)', () => {
    expect(place(book([]), mail)).toMatchObject({ route: { kind: 'inbox' }, rule: 'otherwise' });
    expect(place(book([], 'archive'), mail).route).toEqual({ kind: 'archive' });
  });

  it('never routes to an agent nobody described: the operator gets it, and is told (I4)', () => {
    const placed = place(book([{ ...toDesk, route: { agent: 'ghost' } }]), mail);
    expect(placed.route).toEqual({ kind: 'inbox' });
    expect(placed.rule).toBe('desk');
    expect(placed.reasons[0]).toContain('ghost');
    expect(place(book([], { agent: 'ghost' }), mail).route).toEqual({ kind: 'inbox' });
  });
});
