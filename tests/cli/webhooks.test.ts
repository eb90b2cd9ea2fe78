/** `./soloist webhook …`: what is asked, what is shown once, and where the secret ends up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorsVault, webhookSecretName } from '@soloist/connectors';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstance } from './fake-instance.js';

const ID = 'a'.repeat(32);
const HOOK = { endpointId: ID, url: 'https://hooks.example/soloist', types: ['gate.opened'], reach: 'public', state: 'good', failuresInARow: 0, lastCode: null };
let instance: FakeInstance;
beforeAll(async () => {
  instance = await FakeInstance.start();
});
afterAll(() => instance.stop());
beforeEach(() => {
  instance.asked.length = 0;
});

const secrets = (): string => join(instance.folder, 'secrets');
const kept = (): Promise<string | null> => connectorsVault(secrets()).get(webhookSecretName(ID));

describe('soloist webhook', () => {
  it('add prints a secret that signs, once; the vault has it sealed, and the API never hears of it', async () => {
    instance.answers = { 'POST /v1/webhooks': { body: HOOK } };
    const told = await instance.cli(['webhook', 'add', HOOK.url, '--types', 'gate.opened, gate.decided']);
    expect([told.code, told.stderr.includes(ID)]).toEqual([0, true]);
    const secret = told.stdout.trim();
    expect(told.stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    expect(() => new Webhook(secret).sign('msg_1', new Date(), '{}')).not.toThrow();
    expect(await kept()).toBe(secret);
    expect(told.stderr).not.toContain(secret);
    expect(instance.asked).toMatchObject([{ method: 'POST', path: '/v1/webhooks', body: { url: HOOK.url, reach: 'public', types: ['gate.opened', 'gate.decided'] } }]);
    expect(JSON.stringify(instance.asked)).not.toContain(secret.slice(6, 30));
    for (const file of readdirSync(secrets())) expect(readFileSync(join(secrets(), file), 'utf8')).not.toContain(secret.slice(6, 30));
  });

  it('add whose secret cannot be kept takes the webhook away again', async () => {
    const { writeFileSync, rmSync } = await import('node:fs');
    const lock = join(secrets(), 'connectors-vault.json.lock');
    writeFileSync(lock, '');
    instance.answers = { 'POST /v1/webhooks': { body: HOOK }, [`POST /v1/webhooks/${ID}/remove`]: { body: HOOK } };
    const told = await instance.cli(['webhook', 'add', HOOK.url]);
    rmSync(lock);
    expect([told.code === 0, told.stdout]).toEqual([false, '']);
    expect(instance.asked.map(({ path }) => path)).toEqual(['/v1/webhooks', `/v1/webhooks/${ID}/remove`]);
  });

  it('list shows how each goes and no secret; status tells of those that do not go well', async () => {
    const failing = { ...HOOK, state: 'failing', failuresInARow: 6, lastCode: 'webhook.late' };
    instance.answers = { 'GET /v1/webhooks': { body: { webhooks: [failing] } } };
    const told = await instance.cli(['webhook', 'list']);
    expect(told).toMatchObject({ code: 0, stdout: `${ID}\tfailing\t6\twebhook.late\tgate.opened\t${HOOK.url}\n` });
    const secret = await kept();
    const status = await instance.cli(['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ type: 'status', webhooks: [failing] });
    expect(`${told.stdout}${told.stderr}${status.stdout}${status.stderr}`).not.toContain(secret);
    instance.answers = { 'GET /v1/webhooks': { body: { webhooks: [HOOK] } } };
    expect(JSON.parse((await instance.cli(['status', '--json'])).stdout)).not.toHaveProperty('webhooks');
  });

  it('rotate prints a new secret; the old one signs beside it until its time is up, or no more at all', async () => {
    instance.answers = { 'GET /v1/webhooks': { body: { webhooks: [HOOK] } } };
    const old = await kept();
    const told = await instance.cli(['webhook', 'rotate', ID]);
    const secret = told.stdout.trim();
    expect([told.code, /^whsec_[A-Za-z0-9+/]{43}=$/.test(secret), secret === old]).toEqual([0, true, false]);
    const [first, second] = (await kept())?.split(' ') ?? [];
    expect([first, second?.split('@')[0]]).toEqual([secret, old]);
    expect(Math.round((Date.parse(second?.split('@')[1] ?? '') - Date.now()) / 3_600_000)).toBe(24);
    expect(told.stderr).toContain(second?.split('@')[1]);
    const known = await instance.cli(['webhook', 'rotate', ID, '--overlap', '0', '--json']);
    const { secret: last } = JSON.parse(known.stdout) as { secret: string };
    expect(await kept()).toBe(last);
    expect(`${told.stderr}${known.stderr}`).not.toContain(secret);
  });

  it('rotate of what is not there, or for a time that is none, changes nothing', async () => {
    instance.answers = { 'GET /v1/webhooks': { body: { webhooks: [HOOK] } } };
    const before = await kept();
    expect(await instance.cli(['webhook', 'rotate', 'none'])).toMatchObject({ code: 3, stderr: expect.stringContaining('./soloist webhook list') as string });
    for (const overlap of ['-1', 'soon', '721', '1.5']) expect(await instance.cli(['webhook', 'rotate', ID, `--overlap=${overlap}`])).toMatchObject({ code: 2, stdout: '' });
    expect(await kept()).toBe(before);
  });

  it('test says whether it was delivered, by its exit code too', async () => {
    for (const [isDelivered, code, exit] of [[true, null, 0], [false, 'webhook.late', 1], [null, null, 8]] as const) {
      instance.answers = { [`POST /v1/webhooks/${ID}/test`]: { body: { endpointId: ID, isDelivered, code } } };
      expect((await instance.cli(['webhook', 'test', ID])).code).toBe(exit);
    }
  });

  it('remove forgets the secret, and says where to look when there is no such webhook', async () => {
    instance.answers = { [`POST /v1/webhooks/${ID}/remove`]: { body: HOOK }, 'POST /v1/webhooks/none/remove': { status: 404, body: { error: { code: 'webhook.unknown', message: 'There is no webhook none.', next: 'GET /v1/webhooks' } } } };
    expect(await kept()).not.toBeNull();
    expect(await instance.cli(['webhook', 'remove', ID])).toMatchObject({ code: 0, stdout: `${ID}  removed\n` });
    expect(await kept()).toBeNull();
    expect(await instance.cli(['webhook', 'remove', 'none'])).toMatchObject({ code: 3, stderr: expect.stringContaining('./soloist webhook list') as string });
  });
});
