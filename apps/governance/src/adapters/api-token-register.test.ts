import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiTokens } from '../ports/api-tokens.port.js';
import { openApiTokens, TOKEN_FILE, TOKEN_REGISTER_FILE } from './file.api-tokens.js';

const NOW = '2026-11-25T00:00:00.000Z';
let folder: string;
let tokens: ApiTokens;
const open = (): Promise<ApiTokens> => openApiTokens(join(folder, 'secrets'), join(folder, 'keep'));
const register = (): string => join(folder, 'keep', TOKEN_REGISTER_FILE);
const made = async (name: string, by = tokens): Promise<string> => {
  const creation = await by.create({ name, scopes: ['decide', 'read'], expiresAt: null }, NOW);
  if (creation.outcome !== 'created') throw new Error(creation.outcome);
  return creation.token;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-tokens-'));
  tokens = await open();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the register of tokens', () => {
  test('I1 a token has 256 random bits and stands in no file', async () => {
    const token = await made('bot');
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    for (const part of ['keep', 'secrets']) {
      for (const file of await readdir(join(folder, part))) expect(await readFile(join(folder, part, file), 'utf8')).not.toContain(token);
    }
    expect((await stat(register())).mode & 0o777).toBe(0o600);
  });

  test('I4 it is there after a restart, with its scopes; so is its revocation', async () => {
    const token = await made('bot');
    expect(await (await open()).authenticate(token, NOW)).toEqual({ outcome: 'caller', caller: { name: 'bot', scopes: ['read', 'decide'], isOperator: false } });
    await tokens.revoke('bot', NOW);
    expect(await (await open()).authenticate(token, NOW)).toEqual({ outcome: 'revoked' });
  });

  test('I3 what another process revokes is refused here from the next request on', async () => {
    const token = await made('bot');
    expect((await tokens.authenticate(token, NOW)).outcome).toBe('caller');
    await (await open()).revoke('bot', NOW);
    expect((await tokens.authenticate(token, NOW)).outcome).toBe('revoked');
  });

  test('a name is given once, also after it was revoked, and the operator\'s never', async () => {
    await made('bot');
    await tokens.revoke('bot', NOW);
    for (const name of ['bot', 'operator']) expect(await tokens.create({ name, scopes: ['read'], expiresAt: null }, NOW)).toEqual({ outcome: 'taken' });
    expect(await tokens.revoke('nobody', NOW)).toBeNull();
  });

  test('I4 many at once are all kept, and of one name one is made', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => tokens.create({ name: n < 10 ? `bot-${n}` : 'same', scopes: ['read'], expiresAt: null }, NOW)));
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(11);
    expect(await (await open()).list()).toHaveLength(11);
  });

  test('I3 a register that cannot be read lets the operator in and nobody else, and is not written over', async () => {
    const token = await made('bot');
    for (const spoilt of ['{"schema":1,', '{"schema":2,"tokens":[]}', '{"schema":1,"tokens":[{"name":"bot"}]}']) {
      await writeFile(register(), spoilt);
      await expect(tokens.authenticate(token, NOW)).rejects.toThrow(TOKEN_REGISTER_FILE);
      await expect(tokens.create({ name: 'new', scopes: ['read'], expiresAt: null }, NOW)).rejects.toThrow(TOKEN_REGISTER_FILE);
      await expect(open()).rejects.toThrow(TOKEN_REGISTER_FILE);
      expect(await readFile(register(), 'utf8')).toBe(spoilt);
      const operator = (await readFile(join(folder, 'secrets', TOKEN_FILE), 'utf8')).trim();
      expect((await tokens.authenticate(operator, NOW)).outcome).toBe('caller');
    }
  });
});
