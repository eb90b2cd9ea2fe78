import { isRejection, type Rejection } from '@soloist/kernel';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { digestOfAction, parseSendMailArguments, SEND_MAIL, type SendMailArguments } from './mail-arguments.js';
import { composeMail, messageIdOf, type ComposedMail } from './mail-message.js';

const from = 'operator@soloist.example';
const simple: SendMailArguments = { to: ['jane@client.example'], subject: 'Rate', text: 'It is 95 EUR.' };

function parsed(args: unknown): SendMailArguments {
  const result = parseSendMailArguments(args);
  if (isRejection(result)) throw new Error(result.because);
  return result;
}
async function composed(args: SendMailArguments): Promise<ComposedMail> {
  const mail = await composeMail(args, from, 'run-e1-g1');
  if (isRejection(mail)) throw new Error(mail.because);
  return mail;
}

describe('arguments of mail.send', () => {
  it('takes plain addresses and addresses with names, with or without a mail to answer', () => {
    parsed(simple);
    parsed({ ...simple, to: [{ name: 'Jane', address: 'jane@client.example' }, 'joe@client.example'], inReplyTo: '<a@b.example>' });
    parsed({ ...simple, inReplyTo: null });
  });

  it.each<[string, unknown]>([
    ['to', { ...simple, to: [] }],
    ['to.0', { ...simple, to: ['not an address'] }],
    ['to.0', { ...simple, to: [{ address: 'jane@client.example', role: 'boss' }] }],
    ['subject', { ...simple, subject: 'Rate\r\nBcc: eve@evil.example' }],
    ['subject', { ...simple, subject: '' }],
    ['text', { ...simple, text: 'nul \u0000' }],
    ['text', { ...simple, text: 'half \ud800' }],
    ['inReplyTo', { ...simple, inReplyTo: '<a@b>\r\nBcc: eve@evil.example' }],
    ['bcc', { ...simple, bcc: ['eve@evil.example'] }],
    ['arguments', null],
  ])('refuses what cannot be sent, naming %s', (field, args) => {
    const result = parseSendMailArguments(args);
    expect(result).toMatchObject({ code: 'effect.args-invalid' });
    expect((result as Rejection).because).toContain(field);
  });
});

describe('composeMail', () => {
  it('says exactly what was authorized, under the Message-ID of the effect (I1, I2)', async () => {
    const args = parsed({ to: [{ name: 'Jané Döe, Ltd.', address: 'jane@client.example' }, 'joe@client.example'], subject: 'Rate für June …', text: 'Hi\n\n.\n..dot\nFrom me\n', inReplyTo: '<q@client.example>' });
    const mail = await composed(args);
    expect(mail.messageId).toBe('<run-e1-g1@soloist.local>');
    expect(mail.envelope).toEqual({ from, to: ['jane@client.example', 'joe@client.example'] });
    expect(await PostalMime.parse(mail.bytes)).toMatchObject({
      messageId: messageIdOf('run-e1-g1'),
      subject: 'Rate für June …',
      inReplyTo: '<q@client.example>',
      to: [{ name: 'Jané Döe, Ltd.', address: 'jane@client.example' }, { name: '', address: 'joe@client.example' }],
    });
  });

  it('[G12] never goes out as anything else: it says the same, or is refused', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 });
    const name = fc.string({ unit: 'grapheme', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, line, name, async (body, subject, called) => {
        const args = parseSendMailArguments({ to: [{ name: called, address: 'jane@client.example' }], subject, text: body });
        fc.pre(!isRejection(args));
        const mail = await composeMail(args as SendMailArguments, from, 'run-e1-g1');
        if (isRejection(mail)) return expect(mail.code).toBe('mail.outbound-differs');
        const read = await PostalMime.parse(mail.bytes);
        expect((read.text ?? '').replace(/\r\n?/g, '\n').trimEnd()).toBe(body.replace(/\r\n?/g, '\n').trimEnd());
        expect(read.to).toHaveLength(1);
        expect(read.bcc ?? read.cc).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('ordinary mails are never refused', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcäöüß€0.,:;!?()<>"\'@=_-'), minLength: 1, maxLength: 14 });
    const words = fc.array(word, { minLength: 1, maxLength: 40 }).map((list) => list.join(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 8 }), words, async (lines, subject) => {
        await composed(parsed({ to: ['jane@client.example'], subject: subject.slice(0, 300), text: lines.join('\n') }));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the digest of the arguments as they are sent, whatever their order', () => {
    const shuffled = { text: simple.text, subject: simple.subject, to: simple.to };
    expect(digestOfAction(SEND_MAIL, shuffled)).toBe(digestOfAction(SEND_MAIL, simple));
    expect(digestOfAction(SEND_MAIL, { ...simple, text: 'It is 59 EUR.' })).not.toBe(digestOfAction(SEND_MAIL, simple));
  });
});
