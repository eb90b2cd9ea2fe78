import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOBS_STREAM, eventStreamName, type IntakeEvent } from '@soloist/contracts';
import { derivedId, type LogConnection } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConnectorsRun } from '../adapters/run-file.js';
import { mailboxRoot } from '../connectors.js';
import { openRig, until, watched, type Rig } from '../connectors.fixture.js';
import { listMailboxes } from '../connectors/mail/mailbox-listing.js';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

async function send(mail: SendMailOptions): Promise<void> {
  const run = await readConnectorsRun(rig.folder);
  if (run === null) throw new Error('the connectors left no word of their port');
  const transport = createTransport({ host: run.smtpHost, port: run.smtpPort, ignoreTLS: true });
  try {
    await transport.sendMail({ from: 'Jane <jane@client.example>', to: 'operator@soloist.example', subject: 'Terms', text: 'The rate is 95 EUR.', ...mail });
  } finally {
    transport.close();
  }
}
async function received(messageId: string): Promise<IntakeEvent['data'] | null> {
  const head = await rig.log.log.head({ context: 'connectors', entity: 'intake', key: derivedId('mail', messageId) });
  return (head?.events[0] as IntakeEvent | undefined)?.data ?? null;
}
async function intakeCommits(): Promise<number> {
  let count = 0;
  for (let stream = 0; stream < rig.log.log.streams; stream += 1) {
    count += (await rig.log.log.readAfter(stream, 0, 1_000)).filter((commit) => commit.address.entity === 'intake').length;
  }
  return count;
}
async function foldersOf(box = 'operator'): Promise<readonly string[]> {
  return (await listMailboxes(mailboxRoot(rig.folder))).filter((entry) => entry.box === box).map(({ folder }) => folder);
}
const untilTaken = (count: number): Promise<true> =>
  until(async () => ((await foldersOf()).filter((folder) => folder !== 'new').length === count && !(await foldersOf()).includes('new') ? true : null), `${count} mails taken in`);

describe('a mail that arrives', () => {
  it('becomes one fact with its content, sealed for its sender, and the whole message beside it', async () => {
    await rig.start();
    await send({ messageId: '<terms@client.example>', inReplyTo: '<before@soloist.example>' });
    const fact = await until(() => received('<terms@client.example>'), 'the fact');
    expect(fact).toMatchObject({
      source: 'mail',
      via: 'sandbox:operator',
      from: { name: 'Jane', address: 'jane@client.example' },
      to: [{ address: 'operator@soloist.example' }],
      subject: 'Terms',
      text: 'The rate is 95 EUR.',
      inReplyTo: '<before@soloist.example>',
      trust: 'third-party-text',
    });
    expect(fact.dataSubject).toBe(await rig.log.keys.subjectFor('jane@client.example'));
    if (fact.raw === null) throw new Error('the whole message is not kept');
    expect(Buffer.from(await rig.log.log.getBlob(fact.raw)).toString()).toContain('Message-ID: <terms@client.example>');
    await untilTaken(1);
    expect(await foldersOf()).toEqual(['cur']);
  });

  it('gives one data subject to one address, however it is spelled', async () => {
    await rig.start();
    await send({ messageId: '<a@client.example>' });
    await send({ messageId: '<b@client.example>', from: 'J. <JANE@Client.Example>' });
    const [one, two] = [await until(() => received('<a@client.example>'), 'a'), await until(() => received('<b@client.example>'), 'b')];
    expect(two.dataSubject).toBe(one.dataSubject);
  });

  it('leaves nothing readable of its sender on the log', async () => {
    await rig.start();
    await send({ messageId: '<secret@client.example>', subject: 'Very private', text: 'Nobody may read this.' });
    await untilTaken(1);
    const stored = [BLOBS_STREAM, ...Array.from({ length: rig.log.log.streams }, (_, stream) => eventStreamName(stream))].flatMap((name) => rig.log.broker.stored(name));
    const text = stored.map((message) => `${message.subject} ${JSON.stringify(message.headers)} ${Buffer.from(message.body).toString('latin1')}`).join('\n');
    expect(text).toContain('connectors.intake.input-received');
    for (const word of ['jane', 'client.example', 'Very private', 'Nobody may read']) expect(text).not.toContain(word);
  });
});

describe('[F2] a mail that comes again', () => {
  it('under the same Message-ID, three times and after a restart, changes nothing', async () => {
    const first = await rig.start();
    for (let times = 0; times < 3; times += 1) await send({ messageId: '<once@client.example>', text: `copy ${times}` });
    await untilTaken(3);
    await first.stop();
    await rig.start();
    await send({ messageId: '<once@client.example>', text: 'copy after a restart' });
    await untilTaken(4);
    expect(await intakeCommits()).toBe(1);
    expect(await received('<once@client.example>')).toMatchObject({ text: 'copy 0' });
  });

  it('without a Message-ID is recognised by its content', async () => {
    await rig.start();
    const raw = 'From: jane@client.example\r\nSubject: Hi\r\n\r\nHello\r\n';
    for (let times = 0; times < 3; times += 1) await send({ raw, envelope: { from: `bounce-${times}@client.example`, to: ['operator@soloist.example'] } });
    await untilTaken(3);
    expect(await intakeCommits()).toBe(1);
  });

  it('because the worker died between log and box is put away by the next one', async () => {
    const dying = await rig.start({
      ports: (own) => ({ ...own, arrivals: { ...own.arrivals, settle: () => Promise.reject(new Error('the worker is gone')) } }),
    });
    await send({ messageId: '<died@client.example>' });
    await until(() => received('<died@client.example>'), 'the fact');
    await dying.stop();
    expect(await foldersOf()).toEqual(['new']);
    await rig.start();
    await untilTaken(1);
    expect(await intakeCommits()).toBe(1);
  });
});

describe('a mail that cannot be taken in', () => {
  it('stays in the box while the log does not answer, and is taken in when it does', async () => {
    let isDown = true;
    const refuse = (): void => {
      if (isDown) throw new Fault('transient', 'log.unreachable', 'the log is down');
    };
    await rig.start({ connection: (own: LogConnection) => watched(own, { before: refuse }) });
    await send({ messageId: '<wait@client.example>' });
    await until(async () => ((await foldersOf()).includes('new') ? true : null), 'the mail');
    isDown = false;
    await untilTaken(1);
    expect(await received('<wait@client.example>')).not.toBeNull();
  });

  it('is put aside when it is no mail, and holds up no other', async () => {
    const box = join(mailboxRoot(rig.folder), 'operator', 'new');
    const running = await rig.start();
    await running.stop();
    await writeFile(join(box, 'dropped-by-hand'), 'this is no mail');
    await writeFile(join(box, 'also-by-hand'), 'From: jane@client.example\r\nMessage-ID: <hand@client.example>\r\n\r\nHello\r\n');
    await rig.start();
    await untilTaken(2);
    expect([...(await foldersOf())].sort()).toEqual(['cur', 'refused']);
    expect(await received('<hand@client.example>')).not.toBeNull();
  });

  it('with NUL bytes and control characters becomes a fact without them', async () => {
    await rig.start();
    const raw = 'From: jane@client.example\r\nMessage-ID: <nul@client.example>\r\nSubject: a\u0000b\r\n\r\nx\u0000y\u0007z\r\n';
    await send({ raw, envelope: { from: 'jane@client.example', to: ['operator@soloist.example'] } });
    const fact = await until(() => received('<nul@client.example>'), 'the fact');
    expect(fact.text).toBe('x\ufffdy\ufffdz');
    expect(fact.subject).not.toContain('\u0000');
  });

  it('of nearly ten mebibytes still fits: the fact is bounded, the message whole', async () => {
    await rig.start();
    const text = 'A long line of words that says nothing. '.repeat(220_000);
    await send({ messageId: '<large@client.example>', text });
    const fact = await until(() => received('<large@client.example>'), 'the fact');
    expect(fact.text).toContain('the whole mail is kept');
    expect(fact.raw?.bytes).toBeGreaterThan(8_000_000);
  });
});

it('tells its port while it runs, and takes the word back when it stops', async () => {
  const running = await rig.start();
  expect((await readConnectorsRun(rig.folder))?.smtpPort).toBeGreaterThan(0);
  await running.stop();
  expect(await readConnectorsRun(rig.folder)).toBeNull();
});
