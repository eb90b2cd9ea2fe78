/** What the page says of an action: all that goes out, seen, and in a time that grows with its length and no faster. */
import { describe, expect, it } from 'vitest';
import type { GateCard } from '../gate-schemas.js';
import { attachmentsIn, recipientsIn } from '../gate-words.js';
import { actionSection } from './card-sections.js';
import { breakable, escaped } from './html.js';

const pageOf = (args: Readonly<Record<string, unknown>>): string => {
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  const sentences = [{ text, sources: [], isUnsupported: false, isWithoutReceipt: false }];
  return actionSection({ args, to: recipientsIn(args), attachments: attachmentsIn(args), sentences, edit: null } as unknown as GateCard).text;
};

describe('[V6] all that goes out is on the page', () => {
  it.each([
    ['the name beside an address', { to: [{ name: 'REFUND OF 9000 EUR', address: 'a@b.example' }] }, ['REFUND OF 9000', 'a@<wbr>b.example']],
    ['whatever else a recipient has', { to: [{ address: 'a@b.example', iban: 'DE02', amount: 9_000 }] }, ['DE02', '9000']],
    ['a recipient that is no list', { to: { address: 'a@b.example', note: 'HIDDEN' } }, ['HIDDEN']],
    ['attachments that are no list', { to: ['a@b.example'], attachments: { url: 'https://evil.example/x' } }, ['https://evil.example/x']],
    ['what else an attachment has', { attachments: [{ name: 'a.pdf', bytes: 3, sha256: null, content: 'SECRET' }] }, ['a.pdf', 'SECRET']],
    ['copies', { to: ['a@b.example'], cc: ['c@d.example'], bcc: ['e@f.example'] }, ['c@<wbr>d.example', 'e@<wbr>f.example']],
  ])('%s', (_what, args, words) => {
    for (const word of words) expect(pageOf(args)).toContain(word);
  });

  it('plain recipients and attachments are shown once, and plainly', () => {
    const page = pageOf({ to: ['a@b.example', 'c@d.example'], subject: 'Hi', text: 'Hello. ', attachments: [{ name: 'a.pdf', bytes: 3, sha256: 'f'.repeat(64) }] });
    expect(page).not.toContain('{');
    expect(page.match(/a\.pdf/g)).toHaveLength(1);
    expect(page).toContain('Hello.');
  });
});

describe('[V6] what takes no room is shown by its number', () => {
  it.each(['\u{e0041}', '\u034f', '\u3164', '\u115f', '\u180e', '\u200c', '\u200d', '\ufe0f', '\ufe01', '\u{e0100}', '\uffa0'])('%j', (character) => {
    expect(escaped(`pay${character}me`)).toMatch(/^pay\[U\+[0-9A-F]+\]me$/);
  });

  it.each(['👩‍💻', '❤️', '👩🏽‍🚀', '1️⃣'])('%s stays whole', (emoji) => expect(escaped(emoji)).toBe(emoji));
});

describe('long texts', () => {
  const timeOf = (work: () => unknown): number => Math.min(...Array.from({ length: 3 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  }));

  const costOf = (piece: string): number => {
    const text = `a${piece.repeat(100_000 / piece.length)}b`;
    return timeOf(() => (pageOf({ note: text, text }), breakable(text)));
  };

  it.each([
    ['without a space', 'x'],
    ['of blanks', ' '],
    ['of signs of addresses', '@'],
    ['of joiners', '\u200d'],
  ])('%s cost a small multiple of ordinary words, where the square of their length would be thousands of times', (_what, piece) => {
    expect(costOf(piece) / costOf('word ')).toBeLessThan(300);
  });
});
