import type { Authorization } from '@soloist/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailboxRoot } from '../connectors.js';
import { goodAuthorization, openRig, runIdOf, typesOf, until, watched, type Rig } from '../connectors.fixture.js';
import { Maildir } from '../connectors/mail/maildir.js';
import { startFaultSmtpServer } from '../connectors/mail/smtp-fault.fixture.js';

const runId = runIdOf('one');
let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const good = (changed: Partial<Authorization> = {}): Authorization => goodAuthorization(rig, runId, changed);

/** The worker dies at this point as far as the log can tell: nothing it would write comes after. */
class Died extends Error {}

describe('after a crash', () => {
  function dyingAt(point: 'armed' | 'succeeded', when: 'before' | 'after'): Parameters<Rig['start']>[0] {
    let isDead = false;
    const die = (type: string): void => {
      if (isDead || type === point) {
        isDead = true;
        throw new Died('the worker is gone');
      }
    };
    return { connection: (own) => watched(own, when === 'before' ? { before: die } : { before: (type) => { if (isDead) die(type); }, after: die }) };
  }
  async function crashed(change: Parameters<Rig['start']>[0]): Promise<void> {
    const running = await rig.start(change);
    await rig.authorize(good());
    await until(async () => ((await rig.table(runId)).length > 0 ? true : null), 'the claim');
    await running.stop();
  }

  it('[C8] between sent and recorded: the mail is found by its Message-ID, and never sent again', async () => {
    await crashed(dyingAt('succeeded', 'before'));
    await until(async () => ((await rig.sent(good())).length === 1 ? true : null), 'the mail');
    expect(typesOf(await rig.effects(runId))).toEqual(['attempted', 'armed']);
    rig.log.broker.restart();
    await rig.start();
    const said = await rig.untilSettled(runId);
    expect(said.at(-1)).toMatchObject({ type: 'connectors.effect.succeeded', data: { knownBy: 'reconciled', receipt: { box: 'outside', deliveries: 1 } } });
    expect(await rig.sent(good())).toHaveLength(1);
  });

  it.each([
    ['between attempted and armed', dyingAt('armed', 'before'), ['attempted', 'unknown']],
    ['between armed and sent', dyingAt('armed', 'after'), ['attempted', 'armed', 'unknown']],
  ] as const)('[C8] [G8] %s: the outcome stays unknown, and nothing is sent', async (_when, change, types) => {
    await crashed(change);
    rig.log.broker.restart();
    await rig.start();
    expect(typesOf(await rig.untilSettled(runId))).toEqual(types);
    expect(await rig.sent(good())).toEqual([]);
  });
});

describe('[C8] an unknown outcome', () => {
  it('is what a wire cut after the body leaves: recorded once, never sent again by itself', async () => {
    const server = await startFaultSmtpServer({ at: 'end', how: 'cut', isTaken: true });
    const running = await rig.start({ outbound: { host: server.host, port: server.port } });
    const commit = await rig.authorize(good());
    const said = await rig.untilSettled(runId);
    expect(said.at(-1)).toMatchObject({ type: 'connectors.effect.unknown', data: { reconcileHint: expect.stringContaining('-e1-g1') as string } });
    server.fault = null;
    for (let count = 2; count < 5; count += 1) await running.services[0]?.dispatcher.reactTo(commit, count);
    expect(await rig.effects(runId)).toEqual(said);
    expect(server.taken).toHaveLength(1);
    await server.close();
  });

  it('is sent again only by a new decision, as the next generation under its own Message-ID', async () => {
    const server = await startFaultSmtpServer({ at: 'end', how: 'cut', isTaken: false });
    await rig.start({ outbound: { host: server.host, port: server.port } });
    await rig.authorize(good());
    await rig.untilSettled(runId);
    server.fault = null;
    await rig.authorize(good({ generation: 2 }));
    expect(typesOf(await rig.untilSettled(runId, 2))).toEqual(['attempted', 'armed', 'unknown', 'attempted', 'armed', 'succeeded']);
    expect(server.taken.map((mail) => /Message-ID: <(.*)@/.exec(mail)?.[1])).toEqual([`${runId.slice(0, 24)}-e1-g2`]);
    await server.close();
  });

  it('is looked for once more before a repeat: what is found then is not sent again', async () => {
    const server = await startFaultSmtpServer({ at: 'end', how: 'cut', isTaken: true });
    const running = await rig.start({ outbound: { host: server.host, port: server.port } });
    await rig.authorize(good());
    await rig.untilSettled(runId);
    await running.stop();
    await server.close();
    // The mail turns up late in a place that can be looked at.
    const maildir = await Maildir.open(mailboxRoot(rig.folder));
    await maildir.deliver(['outside'], `<${runId.slice(0, 24)}-e1-g1@soloist.local>`, Buffer.from('From: a@b.example\r\n\r\nlate'));
    await rig.start();
    await rig.authorize(good({ generation: 2 }));
    const said = await rig.untilSettled(runId, 2);
    expect(typesOf(said)).toEqual(['attempted', 'armed', 'unknown', 'succeeded']);
    expect(said.at(-1)?.data).toMatchObject({ generation: 1, knownBy: 'reconciled' });
    expect(await rig.sent(good({ generation: 2 }))).toEqual([]);
  });
});

it('a mail that one of its recipients was refused succeeds, and the receipt on the log names who was not reached', async () => {
  const args = { to: ['jane@client.example', 'gone@client.example'], subject: 'Rate for June', text: 'It is 95 EUR an hour.' };
  const server = await startFaultSmtpServer({ at: 'rcpt', how: '550 no such user', whose: 'gone@' });
  await rig.start({ outbound: { host: server.host, port: server.port } });
  await rig.authorize(good({ args }));
  const said = await rig.untilSettled(runId);
  expect(said.at(-1)).toMatchObject({ type: 'connectors.effect.succeeded', data: { receipt: { accepted: ['jane@client.example'], rejected: ['gone@client.example'] } } });
  await server.close();
});

it.each([
  ['550 no such user', 'invalid', 'mail.refused'],
  ['451 try later', 'transient', 'mail.deferred'],
] as const)('a certain refusal of the server (%s) is recorded as failed, with class and code', async (how, faultKind, code) => {
  const server = await startFaultSmtpServer({ at: 'rcpt', how });
  await rig.start({ outbound: { host: server.host, port: server.port } });
  await rig.authorize(good());
  const said = await rig.untilSettled(runId);
  expect(said.at(-1)).toMatchObject({ type: 'connectors.effect.failed', data: { faultKind, code } });
  expect(JSON.stringify(said.at(-1))).not.toContain('jane@');
  await server.close();
});
