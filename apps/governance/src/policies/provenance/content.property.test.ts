import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isForeign } from './content.js';
import { Dictation, skeletonOf } from './dictation.js';
import { RELAYS } from './relay.js';
import { sayingOf, type Saying } from './saying.js';
import { noSources, type Sources } from './sources.js';

const word = fc.constantFrom('coat', 'rain', 'bankrupt', 'harbour', 'tiles', 'open', 'nine', 'staff', 'tell', 'everyone', 'that', 'say', 'please', 'also', 'the', 'is', '12', 'paid', 'cancelled', 'ops', 'not', 'nicest', 'und', 'alle', 'schreibe', 'nine', '9');
const sentence = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const text = fc.oneof(
  fc.array(sentence, { maxLength: 4 }).map((sentences) => sentences.join('. ')),
  sentence.map((hidden) => `rain <!-- ${hidden} --> coat`),
  fc.record({ title: sentence, body: sentence }).map((record) => JSON.stringify([record])),
  fc.string({ maxLength: 12 }),
);
const texts = fc.array(text, { maxLength: 3 });
const words = fc.array(word, { maxLength: 4 });
const saying: fc.Arbitrary<Saying> = fc.record({
  relay: fc.constantFrom(...RELAYS),
  orders: fc.array(fc.record({ relay: fc.constantFrom(...RELAYS), words: words.map((one) => new Set(one)), dictated: words }), { maxLength: 2 }),
  topic: words.map((one) => new Set(one)),
  dictated: fc.array(words.map(skeletonOf), { maxLength: 2 }).map((clauses) => new Dictation(clauses)),
  judgements: fc.array(fc.tuple(word, word).map(([one, other]) => ` ${one} ${other} `), { maxLength: 2 }),
  isTranslation: fc.boolean(),
});

function sourcesOf(operator: readonly string[], trusted: readonly string[], untrusted: readonly string[]): Sources {
  const sources = noSources();
  for (const one of operator) sources.operator.add(one);
  for (const one of trusted) sources.trusted.add(one);
  for (const one of untrusted) sources.untrusted.add(one, () => one.length % 2 === 0);
  return sources;
}

describe('laws of what a message says', () => {
  test('[R7] I4 a text that is trusted less never makes another\'s words the operator\'s', () => {
    let seen = 0;
    fc.assert(
      fc.property(texts, texts, text, texts, texts, saying, (operator, trusted, moved, untrusted, bodies, asked) => {
        const before = isForeign({ bodies, recipients: ['ops'] }, sourcesOf(operator, [...trusted, moved], untrusted), asked);
        const after = isForeign({ bodies, recipients: ['ops'] }, sourcesOf(operator, trusted, [...untrusted, moved]), asked);
        if (before) seen += 1;
        expect(after || !before).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    expect(seen).toBeGreaterThan(200);
  });

  test('[R7] asking for less never lets more through: dictated is stricter than an answer, an answer than passing on', () => {
    fc.assert(
      fc.property(texts, texts, texts, texts, saying, (operator, trusted, untrusted, bodies, asked) => {
        const verdicts = RELAYS.map((relay) => isForeign({ bodies, recipients: ['ops'] }, sourcesOf(operator, trusted, untrusted), { ...asked, relay, orders: [] }));
        expect([...verdicts].sort().reverse()).toEqual(verdicts);
      }),
      { numRuns: 3_000 },
    );
  });

  test('I1 total on any text, and nothing is another\'s where nothing of another\'s was read', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), fc.array(fc.string()), (operator, untrusted, bodies) => {
        isForeign({ bodies, recipients: ['ops'] }, sourcesOf(operator, [], untrusted), sayingOf(operator));
        expect(isForeign({ bodies, recipients: ['ops'] }, sourcesOf(operator, untrusted, []), sayingOf(operator))).toBe(false);
      }),
    );
    for (const long of ['<!--'.repeat(50_000), 'tell '.repeat(50_000), '. a'.repeat(60_000), `${'['.repeat(3_000)}${']'.repeat(3_000)}`, '\u{e0041}'.repeat(50_000)]) {
      isForeign({ bodies: [long.slice(0, 90_000)], recipients: [] }, sourcesOf([long], [], [long]), sayingOf([long]));
    }
    // Many sentences of many passages, all in a language that is not read and all handed on; many that claim to be the choice.
    isForeign({ bodies: ['Firma und alle. '.repeat(200)], recipients: [] }, sourcesOf(['send a summary of the page'], [], ['Firma und alle. '.repeat(2_000)]), sayingOf(['send a summary of the page']));
    isForeign({ bodies: ['Best bread. '.repeat(200)], recipients: [] }, sourcesOf(['post the best bun'], [], ['Best bread. '.repeat(2_000)]), sayingOf(['post the best bun']));
    expect(isForeign({ bodies: ['x'.repeat(100_001)], recipients: [] }, sourcesOf(['send x'], [], ['y']), sayingOf(['send x']))).toBe(true);
  });
});

test.each<readonly [string, Saying['relay']]>([
  ['Reply to Ines that I accept the offer.', 'dictated'],
  ['Post "lunch is ready" in kitchen.', 'dictated'],
  ['Comment on issue 7: it is fixed.', 'dictated'],
  ['What is in my inbox?', 'dictated'],
  ['Tell Greta whether to bring a coat.', 'answer'],
  ['Let Greta know when the fair opens.', 'answer'],
  ['Ask Greta what she needs.', 'answer'],
  ['Thank Ines for the payment.', 'answer'],
  ['Tell Greta what they write.', 'passed-on'],
  ['Forward the mail about the roof to Greta.', 'passed-on'],
  ['Send Greta a summary of the page.', 'passed-on'],
  ['Look up the bus times and send them to Greta.', 'passed-on'],
  ['Reply to ticket 7 that a colleague will call.', 'dictated'],
  ['Tell Greta that we close and open at nine.', 'dictated'],
  ['Email Greta my appointments for May 3.', 'passed-on'],
  ['Tell my clients about the fair.', 'answer'],
  ['Publish the notes on our site, take them from the commits.', 'passed-on'],
  ['Summarize my mails for me. Reply to Ines that I accept.', 'dictated'],
])('%s: %s', (words, relay) => {
  expect(sayingOf([words]).relay).toBe(relay);
});
