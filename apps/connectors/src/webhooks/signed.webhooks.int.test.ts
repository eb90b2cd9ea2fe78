/** Posts over real sockets: signed as the reference library reads it, and never where they may not go. */
import type { LookupAddress } from 'node:dns';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkedLookup, isLiteralReachable, isReachable } from './address-check.js';
import { openReceiver, SECRET, type Receiver } from './receiver.fixture.js';
import { signedWebhooks, webhookSecretName } from './signed.webhooks.js';
import { withNewSecret } from './signing-secrets.js';

const endpointId = 'e'.repeat(32);
const vault = { get: (name: string) => Promise.resolve(name === webhookSecretName(endpointId) ? SECRET : null) };
const payload = JSON.stringify({ type: 'gate.opened', data: { gateId: 'run-g1', text: 'ünï' } });
let receiver: Receiver;

beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const post = (change: { url?: string; reach?: 'public' | 'private' | 'loopback'; endpointId?: string } = {}, options: Parameters<typeof signedWebhooks>[1] = {}): ReturnType<ReturnType<typeof signedWebhooks>['post']> =>
  signedWebhooks(vault, options).post({ endpointId, url: receiver.url, reach: 'loopback', ...change }, 'msg_1', payload);

describe('a post', () => {
  test('[C14] verifies with the reference library, under its message id', async () => {
    expect(await post()).toEqual({ kind: 'delivered' });
    expect(receiver.received).toMatchObject([{ id: 'msg_1', body: payload, verified: JSON.parse(payload) }]);
    expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  });

  test('signs as the published vector says', () => {
    const at = new Date(1_614_265_330_000);
    expect(new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').sign('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('is signed with the old secret and the new one while both hold, and each receiver reads it', async () => {
    const fresh = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const changedOver = await openReceiver(fresh);
    const now = new Date();
    const keeps = withNewSecret(SECRET, fresh, now, new Date(now.getTime() + 60_000));
    const both = { get: () => Promise.resolve(keeps) };
    for (const { url } of [receiver, changedOver]) await signedWebhooks(both).post({ endpointId, url, reach: 'loopback' }, 'msg_1', payload);
    expect([receiver, changedOver].map(({ received }) => received[0]?.verified)).toEqual([JSON.parse(payload), JSON.parse(payload)]);
    // Its time is up: who has not changed over hears of posts that it cannot verify.
    const later = { get: () => Promise.resolve(withNewSecret(SECRET, fresh, now, now)) };
    for (const { url } of [receiver, changedOver]) await signedWebhooks(later).post({ endpointId, url, reach: 'loopback' }, 'msg_2', payload);
    expect([receiver, changedOver].map(({ received }) => received[1]?.verified)).toEqual([null, JSON.parse(payload)]);
    await changedOver.close();
  });

  test('with another secret, or an old moment, does not verify', async () => {
    const other = { get: () => Promise.resolve(`whsec_${Buffer.alloc(32, 8).toString('base64')}`) };
    await signedWebhooks(other).post({ endpointId, url: receiver.url, reach: 'loopback' }, 'msg_2', payload);
    await post({}, { now: () => new Date(Date.now() - 600_000) });
    expect(receiver.received.map(({ verified }) => verified)).toEqual([null, null]);
  });

  test('says what came of it by a code, and never more', async () => {
    const replies = [200, 204, 410, 500, { status: 429, headers: { 'retry-after': '120' } }, { status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } }, 'hang-up', 'silence'] as const;
    receiver.reply = (before) => replies[before] ?? 200;
    const outcomes = [];
    for (const [index] of replies.entries()) outcomes.push(await post({}, index === 7 ? { withinMs: 200 } : {}));
    expect(outcomes).toEqual([
      { kind: 'delivered' },
      { kind: 'delivered' },
      { kind: 'gone', code: 'webhook.gone' },
      { kind: 'failed', code: 'webhook.broken', retryAfterMs: 0 },
      { kind: 'failed', code: 'webhook.refused', retryAfterMs: 120_000 },
      { kind: 'failed', code: 'webhook.broken', retryAfterMs: 0 },
      { kind: 'failed', code: 'webhook.unreachable', retryAfterMs: 0 },
      { kind: 'failed', code: 'webhook.late', retryAfterMs: 0 },
    ]);
  });

  test('to a receiver that was late is not made again at once, and is made to others', async () => {
    receiver.reply = () => 'silence';
    const webhooks = signedWebhooks({ get: () => Promise.resolve(SECRET) }, { withinMs: 400 });
    const target = { endpointId, url: receiver.url, reach: 'loopback' } as const;
    for (let number = 0; number < 20; number += 1) expect(await webhooks.post(target, `msg_${number}`, payload)).toMatchObject({ code: 'webhook.late' });
    expect(receiver.received.length).toBeLessThan(20);
    receiver.reply = () => 200;
    expect(await webhooks.post({ ...target, endpointId: 'f'.repeat(32) }, 'msg_other', payload)).toEqual({ kind: 'delivered' });
  });

  test('follows no redirect', async () => {
    const elsewhere = await openReceiver();
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.reply = () => ({ status, headers: { location: elsewhere.url } });
      expect(await post()).toEqual({ kind: 'failed', code: 'webhook.redirected', retryAfterMs: 0 });
    }
    expect([receiver.received.length, elsewhere.received.length]).toEqual([5, 0]);
    await elsewhere.close();
  });

  test('keeps nothing of an answer without end', async () => {
    receiver.reply = () => 'flood';
    expect(await post()).toEqual({ kind: 'delivered' });
    expect(await receiver.flooded).toBeLessThan(32_000_000);
    receiver.reply = () => ({ status: 200, headers: { 'x-long': 'y'.repeat(60_000) } });
    expect(await post()).toMatchObject({ kind: 'failed' });
  });

  test('without a secret, or with a vault that does not open, is not made, and names neither', async () => {
    expect(await post({ endpointId: 'f'.repeat(32) })).toEqual({ kind: 'failed', code: 'webhook.no-secret', retryAfterMs: 0 });
    const broken = { get: () => Promise.resolve('not a secret!') };
    const outcome = await signedWebhooks(broken).post({ endpointId, url: receiver.url, reach: 'loopback' }, 'msg_1', payload);
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(outcome)).not.toContain('not a secret');
    expect(receiver.received).toEqual([]);
  });

  test('goes to no address that was not opened for it', async () => {
    const { port } = receiver;
    const refused = { kind: 'failed', code: 'webhook.address-refused', retryAfterMs: 0 };
    const hosts = ['127.0.0.1', '[::1]', 'localhost', '2130706433', '0x7f.1', '017700000001', '[::ffff:127.0.0.1]', '0.0.0.0'];
    for (const host of hosts) for (const reach of ['public', 'private'] as const) expect(await post({ url: `https://${host}:${port}/`, reach }), `${host} ${reach}`).toEqual(refused);
    for (const url of ['http://example.com/', 'ftp://127.0.0.1/', 'https://user:pass@127.0.0.1/', 'https://10.0.0.1/', 'https://169.254.169.254/latest', 'nonsense']) expect(await post({ url, reach: url.startsWith('http:') ? 'private' : 'public' }), url).toEqual(refused);
    expect(await post({ url: 'http://10.0.0.1/', reach: 'loopback' })).toEqual(refused);
    expect(receiver.received).toEqual([]);
  });
});

describe('an address', () => {
  test.each([
    ['93.184.215.14', 'public', true],
    ['2606:4700:4700::1111', 'public', true],
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '192.0.2.1', '198.18.0.1', '240.0.0.1'].map((address) => [address, 'public', false] as const),
    ...['::1', '::', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1'].map((address) => [address, 'public', false] as const),
    ['10.1.2.3', 'private', true],
    ['fd00::1', 'private', true],
    ['::ffff:10.0.0.1', 'private', true],
    ['169.254.169.254', 'private', false],
    ['127.0.0.1', 'private', false],
    ['127.0.0.1', 'loopback', true],
    ['::1', 'loopback', true],
    ['10.0.0.1', 'loopback', false],
    ['93.184.215.14', 'loopback', false],
    ['example.com', 'public', false],
  ] as const)('%s is within %s: %s', (address, reach, isGood) => expect(isReachable(address, reach)).toBe(isGood));

  test('a name passes the check of literals, an address in brackets does not', () => {
    expect([isLiteralReachable('example.com', 'public'), isLiteralReachable('[::1]', 'public'), isLiteralReachable('[::1]', 'loopback')]).toEqual([true, false, true]);
  });

  test('a name is connected to what was checked, and refused when any of its addresses is bad', async () => {
    const resolving = (...addresses: string[]): Promise<unknown> =>
      new Promise((resolve) => {
        const found: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }));
        const resolveName = ((_host: string, _options: unknown, callback: (error: null, found: LookupAddress[]) => void) => callback(null, found)) as never;
        checkedLookup('public', resolveName)('rebind.example', {}, (error, address) => resolve(error === null ? address : (error as NodeJS.ErrnoException).code));
      });
    expect(await resolving('93.184.215.14')).toBe('93.184.215.14');
    for (const addresses of [['127.0.0.1'], ['93.184.215.14', '10.0.0.1'], []]) expect(await resolving(...addresses)).toBe('ESOLOISTADDRESS');
  });
});
