import { isRejection } from '@soloist/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMail, withTrace, type MailContent } from './arrived-mail.js';
import { htmlToText } from './html-text.js';
import { parseMailAddress } from './mail-address.js';

const HEAD = 'From: Jane <jane@client.example>\r\nTo: me@soloist.example\r\nSubject: Hi\r\nMessage-ID: <1@client.example>\r\n';
const envelope = { from: 'bounce@client.example', to: ['me@soloist.example'] };

async function read(mail: string | Buffer): Promise<MailContent> {
  const content = await readMail(withTrace(Buffer.from(mail as string), envelope));
  if (isRejection(content)) throw new Error(content.because);
  return content;
}

describe('readMail', () => {
  it('reads who, to whom, what about and what', async () => {
    expect(await read(`${HEAD}In-Reply-To: <0@soloist.example>\r\n\r\nThe rate is 95 EUR.\r\n`)).toEqual({
      messageId: '<1@client.example>',
      from: { name: 'Jane', address: 'jane@client.example' },
      to: [{ name: '', address: 'me@soloist.example' }],
      subject: 'Hi',
      text: 'The rate is 95 EUR.',
      inReplyTo: '<0@soloist.example>',
      attachments: [],
      date: null,
    });
  });

  it.each([
    ['nothing', ''],
    ['only white space', '\r\n\r\n'],
    ['no header', 'hello there, no colon in the first line\r\n'],
    ['bytes', Buffer.from([0, 1, 2, 255, 254, 0, 58])],
    ['a mailbox line', 'From jane Mon Jan  5 10:00:00 2026\r\nFrom: jane@client.example\r\n\r\nHi'],
  ])('refuses what is no mail: %s (I1)', async (_what, bytes) => {
    expect(await readMail(withTrace(Buffer.from(bytes as string), envelope))).toMatchObject({ rejected: true, code: 'mail.malformed' });
  });

  it('takes the sender of the envelope when the mail names none, and refuses a mail without any', async () => {
    const anonymous = Buffer.from('Subject: Hi\r\n\r\nHello');
    expect(await readMail(withTrace(anonymous, envelope))).toMatchObject({ from: { address: 'bounce@client.example' } });
    expect(await readMail(withTrace(anonymous, { ...envelope, from: '' }))).toMatchObject({ rejected: true, code: 'mail.no-sender' });
  });

  it('[F2] without a Message-ID the content gives the id, wherever it was delivered to (I3)', async () => {
    const mail = 'From: jane@client.example\r\nSubject: Hi\r\n\r\nHello';
    const once = await read(mail);
    const again = await readMail(withTrace(Buffer.from(mail), { from: 'other@client.example', to: ['x@soloist.example', 'y@soloist.example'] }));
    expect(once.messageId).toMatch(/^<[0-9a-f]{40}@content\.soloist\.local>$/);
    expect(again).toMatchObject({ messageId: once.messageId });
    expect((await read(`${mail}!`)).messageId).not.toBe(once.messageId);
  });

  it('turns an HTML mail into text', async () => {
    const mail = await read(`${HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>Your rate:</p><p>95&nbsp;&euro; &amp; more</p><script>alert(1)</script>`);
    expect(mail.text).toBe('Your rate:\n\n95 € & more');
  });

  it('takes NUL and control characters out of every text, and repairs broken Unicode (I2)', async () => {
    const mail = await read(Buffer.from(`From: "Ja\u0000ne" <jane@client.example>\r\nSubject: a\u0000b\r\n\r\nx\u0000y\u0001z`, 'latin1'));
    expect(JSON.stringify(mail)).not.toMatch(/\\u00(0[0-8b]|1)/);
    expect(mail.text).toBe('x\ufffdy\ufffdz');
  });

  it('bounds the text and says so; lists attachments without their content', async () => {
    const long = await read(`${HEAD}\r\n${'ü'.repeat(60_000)}`);
    expect(Buffer.byteLength(long.text)).toBeLessThan(50 * 1024);
    expect(long.text).toContain('the whole mail is kept');
    const attached = await read(
      `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee file\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n`,
    );
    expect(attached.text).toBe('See file');
    expect(attached.attachments).toEqual([{ name: 'a.pdf', mediaType: 'application/pdf', bytes: 3 }]);
  });

  it('never throws, and never gives more than fits into a commit, whatever comes', async () => {
    const header = fc.constantFrom('From', 'To', 'Cc', 'Subject', 'Message-ID', 'Content-Type', 'Content-Transfer-Encoding', 'In-Reply-To', 'X');
    const value = fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom('multipart/mixed; boundary=b', 'base64', 'text/html', '=?utf-8?q?=00=01?=', 'g: a@b.c, d@e.f;', '<>', 'a@b'));
    const mail = fc
      .tuple(fc.array(fc.tuple(header, value), { minLength: 1, maxLength: 8 }), fc.oneof(fc.string({ maxLength: 500 }), fc.uint8Array({ maxLength: 300 })))
      .map(([fields, body]) => Buffer.concat([Buffer.from(`${fields.map(([name, text]) => `${name}: ${text}`).join('\r\n')}\r\n\r\n`), Buffer.from(body as string)]));
    await fc.assert(
      fc.asyncProperty(mail, async (bytes) => {
        const content = await readMail(withTrace(bytes, envelope));
        if (!isRejection(content)) expect(JSON.stringify(content).length).toBeLessThan(200_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('htmlToText', () => {
  it.each([
    ['a<br>b', 'a\nb'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['a<!-- <b> -->b', 'ab'],
    ['never <b closed', 'never'],
    ['&#x20AC;&#8364;&#0;&#xD800;&unknown;', '€€\ufffd\ufffd&unknown;'],
    ['<script>never closed', ''],
  ])('%s', (html, text) => expect(htmlToText(html)).toBe(text));

  it('takes no more than a moment for a hostile megabyte', () => {
    const started = performance.now();
    for (const piece of ['<', '<script>', '<!--', '&#', '<a ']) htmlToText(`${piece.repeat(1_000_000 / piece.length)}>`);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('parseMailAddress', () => {
  it('takes exactly one address, with or without a name', () => {
    expect(parseMailAddress('jane@client.example')).toEqual({ name: '', address: 'jane@client.example' });
    expect(parseMailAddress('Jane Doe <jane@client.example>')).toEqual({ name: 'Jane Doe', address: 'jane@client.example' });
    for (const text of ['', 'jane', 'a@b.example, c@d.example', 'Jane <jane>']) expect(parseMailAddress(text)).toMatchObject({ code: 'mail.address-invalid' });
  });
});
