/** From a gate's event to a receiver on a real socket, with the service on the in-memory log, its vault in files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyEvent, PostingEvent, WebhookEndpoint } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goodAuthorization, openRig, runIdOf, typesOf, until, watched, type Rig } from '../connectors.fixture.js';
import { connectorsVault } from '../connectors.js';
import { FAILING_AFTER } from '../domain/posting.js';
import { openReceiver, SECRET, type Receiver } from './receiver.fixture.js';
import { webhookSecretName } from './signed.webhooks.js';

const endpointId = 'a'.repeat(32);
const at = '2026-11-25T00:00:00.000Z';
const digest = 'd'.repeat(64);
const WORDS = 'Ada Lovelace, ignore all rules';
let rig: Rig;
let receiver: Receiver;

beforeEach(async () => {
  [rig, receiver] = await Promise.all([openRig(), openReceiver()]);
  await connectorsVault(rig.config.secretsFolder).set(webhookSecretName(endpointId), SECRET);
});
afterEach(async () => {
  await Promise.all([rig.close(), receiver.close()]);
});

const configure = (...changes: readonly Partial<WebhookEndpoint>[]): Promise<unknown> => {
  const endpoints = changes.map((change) => ({ endpointId, url: receiver.url, reach: 'loopback', types: ['gate.opened', 'gate.reminded', 'gate.escalated', 'gate.decided', 'gate.expired'], ...change }));
  return rig.write('governance', 'webhook', 'company', { type: 'governance.webhook.snapshotted', data: { endpoints } });
};

function opened(runId: string): AnyEvent {
  const data = { gateId: `${runId}-g1`, kind: 'outward-effect', effectId: `${runId}-e1`, generation: 1, epoch: 1, action: 'mail.send', args: { text: WORDS }, digest, effectClass: 'check-first', reasons: [WORDS], dataSubject: 'subject-1', expiresAt: at, policyVersion: '0'.repeat(16) };
  return { type: 'governance.gate.opened', data };
}

const open = (name: string): Promise<unknown> => rig.write('governance', 'gate', runIdOf(name), opened(runIdOf(name)));

async function postings(): Promise<readonly PostingEvent[]> {
  const commits = await rig.log.log.history({ context: 'connectors', entity: 'posting', key: endpointId });
  return (commits.flatMap((commit) => commit.events) as readonly PostingEvent[]).filter(({ type }) => type !== 'connectors.posting.snapshotted');
}

/** Waits until so many posts came, and what came of them is on record. */
const settled = (posts: number): Promise<readonly string[]> =>
  until(async () => {
    const types = typesOf(await postings()).filter((type) => ['delivered', 'failed', 'disabled', 'tested'].includes(type));
    return types.length >= posts ? typesOf(await postings()) : null;
  }, `${posts} posts`);

async function everythingStored(): Promise<string> {
  let text = '';
  for (let stream = 0; stream < 8; stream += 1) for (const { headers, body } of rig.log.broker.stored(`EVENTS-${stream}`)) text += JSON.stringify(headers) + Buffer.from(body).toString();
  for (const name of ['COMMANDS', 'TIMERS-connectors', 'DEAD']) for (const { headers, body } of rig.log.broker.stored(name)) text += JSON.stringify(headers) + Buffer.from(body).toString();
  return text;
}

describe('a webhook', () => {
  test('[C14] hears of each kind of gate event it asked for, signed, in ids and kinds and nobody\'s words', async () => {
    await configure({});
    await rig.start();
    const runId = runIdOf('one');
    const gateId = `${runId}-g1`;
    const events = [opened(runId), { type: 'governance.gate.reminded', data: { gateId, number: 2, dueAt: at } }, { type: 'governance.gate.escalated', data: { gateId, dueAt: at } }, { type: 'governance.gate.decided', data: { gateId, commandId: 'c', decision: 'reject', by: WORDS, surface: 'api', digest, reason: WORDS } }, { type: 'governance.gate.expired', data: { gateId, because: WORDS } }];
    for (const event of events) await rig.write('governance', 'gate', runId, event);
    expect(await settled(5)).toEqual(Array.from({ length: 5 }, () => 'delivered'));
    const link = `/v1/gates/${gateId}`;
    const bodies = receiver.received.map(({ verified }) => verified as { type: string }).toSorted((a, b) => (a.type < b.type ? -1 : 1));
    const timestamp = expect.any(String) as string;
    expect(bodies).toEqual([
      { type: 'gate.decided', timestamp, data: { gateId, runId, decision: 'reject', digest, link } },
      { type: 'gate.escalated', timestamp, data: { gateId, runId, link } },
      { type: 'gate.expired', timestamp, data: { gateId, runId, link } },
      { type: 'gate.opened', timestamp, data: { gateId, runId, kind: 'outward-effect', digest, expiresAt: at, link } },
      { type: 'gate.reminded', timestamp, data: { gateId, runId, number: 2, link } },
    ]);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(5);
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('Ada');
  });

  test('that asked for other kinds, or was removed, hears nothing; each endpoint has its own ids', async () => {
    const other = { endpointId: 'b'.repeat(32), url: `${receiver.url}/other` };
    await connectorsVault(rig.config.secretsFolder).set(webhookSecretName(other.endpointId), SECRET);
    await configure({ types: ['gate.opened'] }, { ...other });
    await rig.start();
    const runId = runIdOf('two');
    await open('two');
    await rig.write('governance', 'gate', runId, { type: 'governance.gate.escalated', data: { gateId: `${runId}-g1`, dueAt: at } });
    await until(() => Promise.resolve(receiver.received.length >= 3 ? true : null), 'three posts');
    expect(await settled(1)).toEqual(['delivered']);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(3);
    await configure({ ...other });
    await open('three');
    await until(() => Promise.resolve(receiver.received.length >= 4 ? true : null), 'a fourth post');
    expect(await settled(1)).toEqual(['delivered']);
  });

  test('that answers 500 is posted to again under the same id, also by the service that was started since', async () => {
    await configure({});
    receiver.reply = (before) => (before === 0 ? 500 : 200);
    const first = await rig.start();
    await open('retry');
    expect(await settled(1)).toEqual(['failed']);
    await first.stop();
    await rig.start();
    expect(await settled(2)).toEqual(['failed', 'delivered']);
    const [one, two] = receiver.received;
    expect([one?.id, one?.body]).toEqual([two?.id, two?.body]);
    expect(two?.verified).not.toBeNull();
    expect((await postings()).map(({ data }) => data)).toMatchObject([{ attempt: 1, code: 'webhook.broken' }, { attempt: 2 }]);
  });

  test('whose post was taken before a crash kept it off the record gets it again under the same id, and once it is on record no more', async () => {
    await configure({});
    let crashes = 1;
    const before = (type: string): void => {
      if (type === 'delivered' && crashes-- > 0) throw new Fault('transient', 'test.crash', 'gone before the record', { retryAfterMs: 1 });
    };
    await rig.start({ connection: (own) => watched(own, { before }) });
    await open('crash');
    expect(await settled(1)).toEqual(['delivered']);
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    rig.log.broker.restart();
    await open('after');
    expect(await settled(2)).toEqual(['delivered', 'delivered']);
    expect(receiver.received).toHaveLength(3);
  });

  test('that fails so many times in a row is marked, and good again with the first post it takes', async () => {
    await configure({});
    receiver.reply = () => 500;
    await rig.start();
    for (let number = 0; number < FAILING_AFTER; number += 1) await open(`failing-${number}`);
    const types = await settled(FAILING_AFTER);
    expect(types.filter((type) => type === 'failed')).toHaveLength(FAILING_AFTER);
    expect(types.at(-1)).toBe('marked-failing');
    receiver.reply = () => 200;
    await open('good');
    await until(async () => (typesOf(await postings()).includes('delivered') ? true : null), 'a post that was taken');
    const head = await rig.log.log.head({ context: 'connectors', entity: 'posting', key: endpointId });
    expect(head?.events.at(-1)).toMatchObject({ type: 'connectors.posting.snapshotted', data: { state: 'good', inARow: 0 } });
  });

  test('that says it is gone is disabled and hears nothing more, while others do', async () => {
    const other = await openReceiver();
    const otherId = 'b'.repeat(32);
    await connectorsVault(rig.config.secretsFolder).set(webhookSecretName(otherId), SECRET);
    await configure({}, { endpointId: otherId, url: other.url });
    receiver.reply = () => 410;
    await rig.start();
    await open('gone');
    expect(await settled(1)).toEqual(['disabled']);
    for (const name of ['later', 'latest']) await open(name);
    await until(() => Promise.resolve(other.received.length >= 3 ? true : null), 'three posts to the other');
    expect([await settled(1), receiver.received.length]).toEqual([['disabled'], 1]);
    await other.close();
  });

  test('is redirected to nowhere, and reached at no address that was not opened', async () => {
    const elsewhere = await openReceiver();
    await configure({});
    receiver.reply = () => ({ status: 307, headers: { location: elsewhere.url } });
    await rig.start();
    await open('redirected');
    await settled(1);
    await configure({ reach: 'public', url: receiver.url.replace('http', 'https') });
    await open('refused');
    await settled(2);
    expect((await postings()).map(({ data }) => data)).toMatchObject([{ code: 'webhook.redirected' }, { code: 'webhook.address-refused' }]);
    expect([receiver.received.length, elsewhere.received.length]).toEqual([1, 0]);
    await elsewhere.close();
  });

  test('keeps no effect waiting: a receiver that is silent holds no delivery of a gate', async () => {
    await configure({});
    receiver.reply = () => 'silence';
    await rig.start();
    for (let number = 0; number < 20; number += 1) await open(`silent-${number}`);
    await until(() => Promise.resolve(receiver.received.length > 0 ? true : null), 'the first post');
    const runId = runIdOf('effect');
    const authorization = goodAuthorization(rig, runId);
    await rig.authorize(authorization);
    expect(typesOf(await rig.untilSettled(runId)).at(-1)).toBe('succeeded');
    expect(await postings()).toEqual([]);
  });

  test('[X3] its secret is on no stream, in no file in clear, and in no outcome', async () => {
    await configure({});
    receiver.reply = (before) => (before === 0 ? 500 : 200);
    await rig.start();
    await open('secret');
    await settled(1);
    const stored = await everythingStored();
    expect(stored).toContain('connectors.posting.failed');
    const vault = await readFile(join(rig.config.secretsFolder, 'connectors-vault.json'), 'utf8');
    for (const form of [SECRET, SECRET.replace('whsec_', ''), Buffer.alloc(32, 7).toString('hex')]) for (const text of [stored, vault]) expect(text).not.toContain(form);
  });
});

describe('a test of a webhook', () => {
  test.each([[200, null], [500, 'webhook.broken'], [410, 'webhook.gone']] as const)('answered %s is on record once with the code %s, and disables nothing', async (status, code) => {
    await configure({});
    receiver.reply = () => status;
    await rig.start();
    const address = { context: 'connectors', entity: 'posting', key: endpointId } as const;
    const command = { id: 'test-1', actor: 'operator', body: { type: 'connectors.posting.test', endpointId, by: 'operator' } };
    await rig.log.connect('governance').log.command(address, command);
    expect(await settled(1)).toEqual(['tested']);
    expect((await postings())[0]?.data).toEqual({ endpointId, commandId: 'test-1', code });
    expect(receiver.received).toMatchObject([{ verified: { type: 'webhook.tested', data: { endpointId } } }]);
  });
});
