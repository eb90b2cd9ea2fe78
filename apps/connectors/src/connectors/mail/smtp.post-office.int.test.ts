import { mkdtemp, readdir, readFile, rm, chmod } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_MAIL_BYTES } from './arrived-mail.js';
import { listMailboxes } from './mailbox-listing.js';
import { Maildir } from './maildir.js';
import { smtpPostOffice, type SmtpPostOffice } from './smtp.post-office.js';

let root: string;
let maildir: Maildir;
let office: SmtpPostOffice;
let port: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'soloist-mail-'));
  maildir = await Maildir.open(root);
  office = smtpPostOffice({ host: '127.0.0.1', port: 0, maildir, operatorAddress: 'operator@soloist.example' });
  port = (await office.open()).port;
});
afterEach(async () => {
  await office.close();
  await rm(root, { recursive: true, force: true });
});

async function send(mail: SendMailOptions): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    return (await transport.sendMail({ from: 'jane@client.example', subject: 'Hi', text: 'Hello', ...mail })).response;
  } finally {
    transport.close();
  }
}
async function refusal(sending: Promise<unknown>): Promise<{ code: number; response: string }> {
  return sending.then(
    () => ({ code: 250, response: '' }),
    (error: { responseCode?: number; response?: string }) => ({ code: error.responseCode ?? 0, response: error.response ?? '' }),
  );
}

describe('the post office', () => {
  it("puts the operator's mail into one box and the world's into the other, once each", async () => {
    await send({ to: 'operator@soloist.example', messageId: '<1@client.example>' });
    await send({ to: ['jane@client.example', 'joe@client.example'], messageId: '<2@client.example>' });
    await send({ to: ['Someone.Else@SOLOIST.example', 'joe@client.example'], messageId: '<3@client.example>' });
    const listed = await listMailboxes(root);
    expect(listed.map(({ box, folder, headers }) => [box, folder, headers?.messageId]).sort()).toEqual([
      ['operator', 'new', '<1@client.example>'],
      ['operator', 'new', '<3@client.example>'],
      ['outside', 'new', '<2@client.example>'],
      ['outside', 'new', '<3@client.example>'],
    ]);
    expect(listed[0]?.headers).toMatchObject({ from: { address: 'jane@client.example' }, subject: 'Hi' });
  });

  it('has stored the whole mail, findable by its Message-ID, before it says 250', async () => {
    const socket = createConnection(port, '127.0.0.1');
    const reply = replies(socket);
    await reply();
    for (const line of ['EHLO x', 'MAIL FROM:<jane@client.example>', 'RCPT TO:<operator@soloist.example>', 'DATA']) {
      socket.write(`${line}\r\n`);
      await reply();
    }
    socket.write('From: jane@client.example\r\nMessage-ID: <raw@client.example>\r\n\r\nWhole\r\n.\r\n');
    expect(await reply()).toMatch(/^250/);
    const [found, ...more] = await maildir.find('<raw@client.example>');
    expect(more).toEqual([]);
    expect(await readFile(found?.path ?? '', 'utf8')).toBe(
      'Return-Path: <jane@client.example>\r\nDelivered-To: operator@soloist.example\r\nFrom: jane@client.example\r\nMessage-ID: <raw@client.example>\r\n\r\nWhole\r\n',
    );
    expect(await readdir(join(root, 'operator', 'tmp'))).toEqual([]);
    socket.destroy();
  });

  it('keeps every delivery, so that doubles can be counted', async () => {
    for (let times = 0; times < 3; times += 1) await send({ to: 'jane@client.example', messageId: '<twice@soloist.local>' });
    expect(await maildir.find('<twice@soloist.local>')).toHaveLength(3);
  });

  it('refuses what is no mail with 554 and a reason, and keeps nothing of it', async () => {
    const told = await refusal(send({ raw: 'this is not a mail\r\n', envelope: { from: 'jane@client.example', to: ['operator@soloist.example'] } }));
    expect(told.code).toBe(554);
    expect(told.response).toContain('does not begin with a header field');
    expect(await listMailboxes(root)).toEqual([]);
  });

  it('refuses what is too large with 552, announced or not, and goes on serving', async () => {
    const raw = `From: jane@client.example\r\n\r\n${'0123456789\r\n'.repeat(MAX_MAIL_BYTES / 12 + 1_000)}`;
    const envelope = { from: 'jane@client.example', to: ['operator@soloist.example'] };
    expect((await refusal(send({ raw, envelope }))).code).toBe(552);
    const socket = createConnection(port, '127.0.0.1');
    const reply = replies(socket);
    await reply();
    for (const line of ['EHLO x', 'MAIL FROM:<jane@client.example>', 'RCPT TO:<operator@soloist.example>', 'DATA']) {
      socket.write(`${line}\r\n`);
      await reply();
    }
    socket.write(`${raw}\r\n.\r\n`);
    expect(await reply()).toMatch(/^552/);
    socket.destroy();
    expect(await send({ to: 'operator@soloist.example' })).toMatch(/^250/);
    expect(await listMailboxes(root)).toHaveLength(1);
  });

  it('takes a mail with NUL bytes as it is', async () => {
    await send({ raw: 'From: jane@client.example\r\nSubject: a\u0000b\r\n\r\nx\u0000y\r\n', envelope: { from: 'jane@client.example', to: ['operator@soloist.example'] } });
    const [entry] = await listMailboxes(root);
    expect(entry?.headers?.subject).not.toContain('\u0000');
  });

  it('says 451 when the mail cannot be stored, and a later try succeeds', async () => {
    const tmp = join(root, 'operator', 'tmp');
    await rm(tmp, { recursive: true });
    expect((await refusal(send({ to: 'operator@soloist.example', messageId: '<later@client.example>' }))).code).toBe(451);
    await Maildir.open(root);
    await chmod(tmp, 0o700);
    expect(await send({ to: 'operator@soloist.example', messageId: '<later@client.example>' })).toMatch(/^250/);
  });

  it('survives clients that break off at any point', async () => {
    for (const said of ['', 'EHLO x\r\n', 'EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<operator@soloist.example>\r\nDATA\r\nFrom: a@b.c\r\n\r\nhalf']) {
      const socket = createConnection(port, '127.0.0.1');
      await replies(socket)();
      socket.write(said);
      await new Promise<void>((written) => setImmediate(written));
      socket.destroy();
    }
    expect(await send({ to: 'operator@soloist.example', messageId: '<whole@client.example>' })).toMatch(/^250/);
    expect((await listMailboxes(root)).map(({ headers }) => headers?.messageId)).toEqual(['<whole@client.example>']);
  });

  it('takes the next free port when the wanted one is taken, and reports it', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const taken = (other.address() as AddressInfo).port;
    const reported: number[] = [];
    const second = smtpPostOffice({
      host: '127.0.0.1',
      port: taken,
      maildir,
      operatorAddress: 'operator@soloist.example',
      onOpen: async (address) => void reported.push(address.port),
    });
    const [one, again] = await Promise.all([second.open(), second.open()]);
    expect(one.port).not.toBe(taken);
    expect(again).toEqual(one);
    expect(reported).toEqual([one.port]);
    await second.close();
    await new Promise<void>((closed) => other.close(() => closed()));
  });
});

/** Answers the next whole reply of the server. */
function replies(socket: Socket): () => Promise<string> {
  let buffer = '';
  let told: (() => void) | null = null;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    buffer += String(chunk);
    told?.();
  });
  return async () => {
    for (;;) {
      const whole = /^((?:\d{3}-.*\r\n)*\d{3} .*)\r\n/.exec(buffer);
      if (whole?.[1] !== undefined) {
        buffer = buffer.slice(whole[0].length);
        return whole[1];
      }
      await new Promise<void>((resolve) => (told = resolve));
    }
  };
}
