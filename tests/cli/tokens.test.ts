/** `soloist token …`: what is sent, what is shown once, and what never. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstance, TOKEN } from './fake-instance.js';

const CLEAR = 'c'.repeat(43);
const BOT = { name: 'bot', scopes: ['read', 'decide'], state: 'valid', createdAt: '2026-11-25T00:00:00.000Z', expiresAt: '2026-12-25T00:00:00.000Z', revokedAt: null };

let instance: FakeInstance;
beforeEach(async () => {
  instance = await FakeInstance.start();
});
afterEach(() => instance.stop());

describe('token', () => {
  it('create sends name, scopes and end, and prints the clear token alone on standard output', async () => {
    instance.answers = { 'POST /v1/tokens': { body: { ...BOT, token: CLEAR } } };
    const told = await instance.cli(['token', 'create', 'bot', '--scope', 'read,decide', '--expires', '30d']);
    expect(told).toMatchObject({ code: 0, stdout: `${CLEAR}\n` });
    expect(told.stderr).toContain('token revoke bot');
    expect(told.stderr).not.toContain(CLEAR);
    expect(instance.asked).toMatchObject([{ method: 'POST', path: '/v1/tokens', authorization: `Bearer ${TOKEN}`, body: { name: 'bot', scopes: ['read', 'decide'], expiresInSeconds: 2_592_000 } }]);
  });

  it('create without an end sends none; an end that is no time, and no scope, ask nobody', async () => {
    instance.answers = { 'POST /v1/tokens': { body: { ...BOT, expiresAt: null, token: CLEAR } } };
    const told = await instance.cli(['token', 'create', 'bot', '--scope', 'read', '--json']);
    expect(JSON.parse(told.stdout)).toEqual({ type: 'token.created', ...BOT, expiresAt: null, token: CLEAR });
    expect(instance.asked.at(-1)?.body).toMatchObject({ expiresInSeconds: null });
    for (const words of [['--scope', 'read', '--expires', 'soon'], ['--scope', 'read', '--expires', '0d'], ['--scope', ' , '], []]) expect((await instance.cli(['token', 'create', 'bot', ...words])).code).toBe(2);
    expect(instance.asked).toHaveLength(1);
  });

  it('list shows one record a line and no token in clear', async () => {
    instance.answers = { 'GET /v1/tokens': { body: { tokens: [BOT, { ...BOT, name: 'old', state: 'revoked', expiresAt: null }] } } };
    expect(await instance.cli(['token', 'list'])).toMatchObject({ code: 0, stdout: 'bot\tread,decide\tvalid\t2026-11-25T00:00:00.000Z\t2026-12-25T00:00:00.000Z\nold\tread,decide\trevoked\t2026-11-25T00:00:00.000Z\t-\n' });
  });

  it('revoke ends one, and says where to look when there is none', async () => {
    instance.answers = { 'POST /v1/tokens/bot/revoke': { body: { ...BOT, state: 'revoked' } }, 'POST /v1/tokens/bat/revoke': { status: 404, body: { error: { code: 'token.unknown', message: 'There is no token bat.', next: 'GET /v1/tokens' } } } };
    expect(await instance.cli(['token', 'revoke', 'bot'])).toMatchObject({ code: 0, stdout: 'bot  revoked\n' });
    expect(await instance.cli(['token', 'revoke', 'bat'])).toMatchObject({ code: 3, stderr: expect.stringContaining('./soloist token list') as string });
  });
});
