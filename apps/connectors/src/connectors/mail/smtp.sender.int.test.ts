import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { isFault, isRejection } from '@soloist/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeMail, type ComposedMail } from './mail-message.js';
import { startFaultSmtpServer, type FaultSmtpServer, type SmtpFault } from './smtp-fault.fixture.js';
import { sendBySmtp, type SmtpReceipt, type SmtpTimeouts } from './smtp.sender.js';

const timeouts: SmtpTimeouts = { connectionMs: 2_000, greetingMs: 300, silenceMs: 300, overallMs: 5_000 };
let server: FaultSmtpServer;
let mail: ComposedMail;

beforeEach(async () => {
  server = await startFaultSmtpServer();
  const composed = await composeMail({ to: ['jane@client.example'], subject: 'Rate', text: 'It is 95 EUR.' }, 'operator@soloist.example', 'run-e1-g1');
  if (isRejection(composed)) throw new Error(composed.because);
  mail = composed;
});
afterEach(() => server.close());

function send(mayProceed: () => Promise<boolean> = async () => true, host = server.host, port = server.port): Promise<SmtpReceipt> {
  return sendBySmtp({ host, port, isSecure: false, login: null }, mail, mayProceed, timeouts);
}
async function faultOf(sending: Promise<unknown>): Promise<{ kind: string; code: string; message: string }> {
  const error: unknown = await sending.then(
    () => new Error('it was sent'),
    (thrown: unknown) => thrown,
  );
  if (!isFault(error)) throw error;
  return { kind: error.kind, code: error.code, message: error.message };
}

it('sends a mail and answers what the server said', async () => {
  expect(await send()).toEqual({ accepted: ['jane@client.example'], rejected: [], response: '250 taken' });
  expect(server.taken).toHaveLength(1);
  expect(server.taken[0]).toContain('Message-ID: <run-e1-g1@soloist.local>');
});

it('names the recipients that were refused while others were taken: the mail has left, but not for them', async () => {
  const composed = await composeMail({ to: ['jane@client.example', 'gone@client.example', 'joe@client.example'], subject: 'Rate', text: 'It is 95 EUR.' }, 'operator@soloist.example', 'run-e1-g1');
  if (isRejection(composed)) throw new Error(composed.because);
  mail = composed;
  server.fault = { at: 'rcpt', how: '550 no such user', whose: 'gone@' };
  expect(await send()).toEqual({ accepted: ['jane@client.example', 'joe@client.example'], rejected: ['gone@client.example'], response: '250 taken' });
  expect(server.taken).toHaveLength(1);
});

describe('[C7] classes of faults', () => {
  it.each<[string, SmtpFault, string, string]>([
    ['refused at the greeting', { at: 'greeting', how: '421 busy' }, 'throttled', 'mail.deferred'],
    ['silence instead of a greeting', { at: 'greeting', how: 'silence' }, 'transient', 'mail.unreachable'],
    ['cut before the greeting', { at: 'greeting', how: 'cut' }, 'transient', 'mail.unreachable'],
    ['sender refused for now', { at: 'mail', how: '451 later' }, 'transient', 'mail.deferred'],
    ['sender refused', { at: 'mail', how: '550 no' }, 'invalid', 'mail.refused'],
    ['recipient refused for now', { at: 'rcpt', how: '450 greylisted' }, 'throttled', 'mail.deferred'],
    ['recipient refused', { at: 'rcpt', how: '550 no such user' }, 'invalid', 'mail.refused'],
    ['cut after the recipient', { at: 'rcpt', how: 'cut' }, 'transient', 'mail.unreachable'],
    ['DATA refused', { at: 'data', how: '554 no' }, 'invalid', 'mail.refused'],
    ['silence instead of 354', { at: 'data', how: 'silence' }, 'transient', 'mail.unreachable'],
    ['cut instead of 354', { at: 'data', how: 'cut' }, 'transient', 'mail.unreachable'],
    ['refused after the body', { at: 'end', how: '552 too large' }, 'invalid', 'mail.refused'],
    ['refused for now after the body', { at: 'end', how: '451 try later' }, 'transient', 'mail.deferred'],
    ['cut in the body', { at: 'body', how: 'cut' }, 'unknown-outcome', 'mail.outcome-unknown'],
    ['silence after the body', { at: 'end', how: 'silence', isTaken: true }, 'unknown-outcome', 'mail.outcome-unknown'],
    ['cut after the body, mail taken', { at: 'end', how: 'cut', isTaken: true }, 'unknown-outcome', 'mail.outcome-unknown'],
    ['cut after the body, mail lost', { at: 'end', how: 'cut', isTaken: false }, 'unknown-outcome', 'mail.outcome-unknown'],
  ])('%s', async (_what, fault, kind, code) => {
    server.fault = fault;
    const told = await faultOf(send());
    expect({ kind: told.kind, code: told.code }).toEqual({ kind, code });
    // Whoever calls it certain must be right.
    if (kind !== 'unknown-outcome') expect(server.taken).toEqual([]);
  });

  it('nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
    const { port } = closed.address() as AddressInfo;
    await new Promise<void>((done) => closed.close(() => done()));
    expect(await faultOf(send(undefined, '127.0.0.1', port))).toMatchObject({ kind: 'transient', code: 'mail.unreachable' });
  });

  it('a name that does not exist', async () => {
    expect(await faultOf(send(undefined, 'mail.invalid', 25))).toMatchObject({ kind: 'transient', code: 'mail.unreachable' });
  });

  it('a server that trickles replies for ever meets the overall limit', async () => {
    const trickling = createServer((socket) => {
      socket.on('error', () => {});
      const drip = setInterval(() => socket.write('220-wait\r\n'), 50);
      socket.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((listening) => trickling.listen(0, '127.0.0.1', listening));
    const { port } = trickling.address() as AddressInfo;
    const impatient = { ...timeouts, greetingMs: 60_000, silenceMs: 60_000, overallMs: 500 };
    const sending = sendBySmtp({ host: '127.0.0.1', port, isSecure: false, login: null }, mail, async () => true, impatient);
    expect(await faultOf(sending)).toMatchObject({ kind: 'transient', code: 'mail.unreachable' });
    await new Promise<void>((done) => trickling.close(() => done()));
  });
});

it('[G10] a worker that may no longer proceed when the server is ready sends not one byte of the mail', async () => {
  for (const answer of [async () => false, () => Promise.reject(new Error('the log does not answer'))]) {
    expect(await faultOf(send(answer))).toMatchObject({ kind: 'transient', code: 'effect.claim-too-old' });
  }
  expect(server.taken).toEqual([]);
});

it('says neither addresses nor passwords in a fault [C6]', async () => {
  server.fault = { at: 'rcpt', how: '550 <jane@client.example> has no mailbox here' };
  const told = await faultOf(send());
  expect(told.message).toContain('550');
  expect(told.message).not.toContain('jane');
});
