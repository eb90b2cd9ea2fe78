import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentencesOf } from './sentences.js';
import { statementsIn } from './fact.js';

const PIECES = ['Hi Sam,', '\n', '\n\n', '\r\n', '> quoted 5 EUR', 'The rate is 95 EUR.', 'approx. ', 'Dr. Weber', 'Best regards,', 'wrote:', 'On Monday ', '- item 3', '…', '?!', '“Yes.” ', '\u{1F600}', '\uD83D', 'ß', '\t', ' ', 'a', '.', '12.5', '--', '\u0000'];
const mail = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 30 })), { maxLength: 60 }).map((pieces) => pieces.join(''));

describe('sentences of any text', () => {
  it('stand where they say, in order, without overlap', () => {
    fc.assert(
      fc.property(mail, (text) => {
        let last = 0;
        for (const sentence of sentencesOf(text)) {
          expect(sentence.start).toBeGreaterThanOrEqual(last);
          expect(sentence.end).toBeGreaterThan(sentence.start);
          expect(text.slice(sentence.start, sentence.end).replace(/\s+/g, ' ')).toBe(sentence.text);
          expect(sentence.text.trim()).toBe(sentence.text);
          last = sentence.end;
        }
      }),
    );
  });

  it('are judged without an error', () => {
    fc.assert(fc.property(mail, (text) => void statementsIn(text)));
  });
});
