import type { FactEvent } from '@soloist/contracts';
import { describe, expect, it } from 'vitest';
import { assertFact, evolveFact, MOST_STATEMENTS, noFact, statementsIn, type FactSource } from './fact.js';
import { LONGEST_SENTENCE } from './sentences.js';

const texts = (mail: string): string[] => statementsIn(mail).map((statement) => statement.text);
const source: FactSource = { inputId: 'i1', commit: 'c1', index: 0, trust: 'third-party-text', dataSubject: 's1' };

describe('statements of a mail', () => {
  it('keeps what was stated and leaves out greeting, thanks, questions, chatter and signature', () => {
    const mail = [
      'Hi Sam,', '', 'thanks for the call!  Hope you are well.', "I'm running late, traffic is terrible.",
      'We agreed on an hourly rate of 95 EUR. Could you send me the contract?', 'Please never call before 9:00.', '',
      'Best regards,', 'Anna Berg', 'Acme GmbH, Lindenallee 12', '+49 30 5557788',
    ].join('\n');
    expect(texts(mail)).toEqual(['We agreed on an hourly rate of 95 EUR.', 'Please never call before 9:00.']);
  });

  it('cites the exact span of each statement, over broken lines too', () => {
    const mail = 'Hello,\r\n\r\nthe fee for hosting is 39 EUR\r\nper month. It is due on the 15th.\r\n\r\n- Invoices: net 14 days\r\n* We deliver by 3. Oktober 2026.\r\n';
    const found = statementsIn(mail);
    expect(found.map(({ text }) => text)).toEqual([
      'the fee for hosting is 39 EUR per month.', 'It is due on the 15th.', 'Invoices: net 14 days', 'We deliver by 3. Oktober 2026.',
    ]);
    for (const { start, end, text } of found) expect(mail.slice(start, end).replace(/\s+/g, ' ')).toBe(text);
  });

  it('takes nothing from what is quoted, forwarded or signed, and keeps answers between quoted lines', () => {
    expect(texts('The price is fine.\n> The price is 1 EUR.\n| The fee is 2 EUR.\n')).toEqual(['The price is fine.']);
    expect(texts('We accept the offer.\n\nOn Thu, 12 Mar 2026 at 09:10, Sam <sam@studio.example> wrote:\n> The price is 1 EUR.\n\nThe deadline is 3 May.\n')).toEqual(['We accept the offer.', 'The deadline is 3 May.']);
    expect(texts('We accept the offer.\n\nOn Thu, 12 Mar 2026 at 09:10 Sam Sommer\n<sam@studio.example> wrote:\nThe price is 1 EUR.\n')).toEqual(['We accept the offer.']);
    expect(texts('We accept the offer.\n\nAm 12.03.2026 um 09:10 schrieb Sam:\n\nDer Preis ist 1 EUR.\n')).toEqual(['We accept the offer.']);
    expect(texts('We accept the offer.\n----- Original Message -----\nThe price is 1 EUR.')).toEqual(['We accept the offer.']);
    expect(texts('We accept the offer.\nFrom: sam@studio.example\nThe price is 1 EUR.')).toEqual(['We accept the offer.']);
    expect(texts('We accept the offer.\n-- \nThe price is 1 EUR.')).toEqual(['We accept the offer.']);
  });

  it('goes on after thanks that end nothing', () => {
    expect(texts('Thanks!\n\nThe rate is 95 EUR.\n\nThanks,\nAnna')).toEqual(['The rate is 95 EUR.']);
    expect(texts('Hi Sam, the rate is 95 EUR per hour')).toEqual(['Hi Sam, the rate is 95 EUR per hour']);
  });

  it('does not end a sentence at an abbreviation, an initial, a number or an ordinal', () => {
    const sentences = ['We pay Dr. A. Weber approx. 1.500,50 EUR.', 'The contract with Acme Inc. ends on 3. March.', 'It costs e.g. 12.50 USD.'];
    expect(texts(sentences.join(' '))).toEqual(sentences);
  });

  it('knows what each statement is about', () => {
    const kinds = Object.fromEntries(
      statementsIn(
        ['The discount is 10 percent.', 'We will deliver the logo.', 'Please always write in German.', 'My number is +49 30 5557788.', 'The fair starts on Monday at 10:00.', 'The warranty covers the theme.'].join('\n\n'),
      ).map(({ kind, text }) => [kind, text]),
    );
    expect(kinds).toEqual({
      amount: 'The discount is 10 percent.',
      commitment: 'We will deliver the logo.',
      preference: 'Please always write in German.',
      contact: 'My number is +49 30 5557788.',
      date: 'The fair starts on Monday at 10:00.',
      term: 'The warranty covers the theme.',
    });
  });

  it('gives nothing for an erased text', () => {
    expect(statementsIn({ $erased: true })).toEqual([]);
    expect(statementsIn('')).toEqual([]);
  });

  it('stays small and quick whatever comes in', () => {
    const began = performance.now();
    expect(statementsIn('We agreed on 95 EUR. '.repeat(50_000))).toHaveLength(MOST_STATEMENTS);
    for (const dump of ['.'.repeat(1_000_000), 'best\n!!!\n'.repeat(200_000), 'on \n'.repeat(200_000), `${'x'.repeat(1_000_000)} 5 EUR`, ' '.repeat(1_000_000), '1 '.repeat(500_000), '- \n'.repeat(300_000)]) {
      for (const { text } of statementsIn(dump)) expect(text.length).toBeLessThanOrEqual(LONGEST_SENTENCE);
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('fact', () => {
  const [statement] = statementsIn('The rate is 95 EUR.');
  if (statement === undefined) throw new Error('no statement');

  it('is asserted with its source, span and trust', () => {
    expect(assertFact(noFact, 'f1', statement, source)).toEqual([
      {
        type: 'memory.fact.asserted',
        data: { factId: 'f1', kind: 'amount', text: 'The rate is 95 EUR.', inputId: 'i1', source: { commit: 'c1', index: 0, start: 0, end: 19 }, trust: 'third-party-text', dataSubject: 's1' },
      },
    ]);
  });

  it('is asserted once', () => {
    const [first] = assertFact(noFact, 'f1', statement, source) as [FactEvent];
    const asserted = evolveFact(noFact, first);
    expect(assertFact(asserted, 'f1', statement, source)).toEqual([]);
    expect(evolveFact(asserted, first)).toBe(asserted);
  });
});
