import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAuthentic, keyIdOf, openSigner, PUBLIC_KEY_FILE, SIGNING_KEY_FILE } from './ed25519.authorization-signer.js';
import type { ApiTokens } from '../ports/api-tokens.port.js';
import { openApiTokens, TOKEN_FILE, TOKEN_HASH_FILE } from './file.api-tokens.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-governance-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (file: string): Promise<number> => (await stat(join(folder, file))).mode & 0o777;

const unsigned = {
  runId: 'r1',
  effectId: 'e1',
  generation: 1,
  action: 'mail.send',
  args: { to: ['a@b.example'] },
  digest: 'd'.repeat(64),
  effectClass: 'check-first' as const,
  epoch: 1,
  stopGeneration: 0,
  policyVersion: '0'.repeat(16),
  expiresAt: '2026-11-24T11:00:00.000Z',
  dataSubject: 's1',
  nonce: 'n1',
};

describe('the signing key', () => {
  test('I1 is made once, private to its user, and signs the same after a restart', async () => {
    const first = (await openSigner(folder)).sign(unsigned);
    expect((await openSigner(folder)).sign(unsigned)).toEqual(first);
    expect([await modeOf(SIGNING_KEY_FILE), await modeOf(PUBLIC_KEY_FILE)]).toEqual([0o600, 0o644]);
    expect(await readFile(join(folder, SIGNING_KEY_FILE), 'utf8')).toContain('BEGIN PRIVATE KEY');
  });

  test('[G12] what it signs holds against the public key on disk, and against no other', async () => {
    const signature = (await openSigner(folder)).sign(unsigned);
    const publicKey = createPublicKey(await readFile(join(folder, PUBLIC_KEY_FILE), 'utf8'));
    expect(signature.keyId).toBe(keyIdOf(publicKey));
    expect(isAuthentic({ ...unsigned, ...signature }, publicKey)).toBe(true);
    expect(isAuthentic({ ...unsigned, ...signature, epoch: 2 }, publicKey)).toBe(false);
    await rm(join(folder, SIGNING_KEY_FILE));
    expect(isAuthentic({ ...unsigned, ...(await openSigner(folder)).sign(unsigned) }, publicKey)).toBe(false);
  });

  test('I2 a public key that is missing or another is written anew', async () => {
    const { keyId } = (await openSigner(folder)).sign(unsigned);
    const pem = await readFile(join(folder, PUBLIC_KEY_FILE), 'utf8');
    for (const spoil of [() => rm(join(folder, PUBLIC_KEY_FILE)), () => writeFile(join(folder, PUBLIC_KEY_FILE), 'nonsense')]) {
      await spoil();
      expect((await openSigner(folder)).sign(unsigned).keyId).toBe(keyId);
      expect(await readFile(join(folder, PUBLIC_KEY_FILE), 'utf8')).toBe(pem);
    }
  });

  test('I1 a private key that cannot be read is an error that names the file and quotes nothing of it', async () => {
    await writeFile(join(folder, SIGNING_KEY_FILE), '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n');
    const opening = openSigner(folder);
    await expect(opening).rejects.toThrow(SIGNING_KEY_FILE);
    await expect(opening).rejects.not.toThrow('c2VjcmV0');
  });
});

describe('the API token', () => {
  const tokenIn = async (): Promise<string> => (await readFile(join(folder, 'secrets', TOKEN_FILE), 'utf8')).trim();
  const isValid = async (tokens: ApiTokens, token: string): Promise<boolean> => (await tokens.authenticate(token, '2026-11-24T10:00:00.000Z')).outcome === 'caller';
  const open = (): ReturnType<typeof openApiTokens> => openApiTokens(join(folder, 'secrets'), join(folder, 'keep'));

  test('I1 has 256 random bits, lies in the secrets in clear and in the keep as a hash, both private', async () => {
    const tokens = await open();
    const token = await tokenIn();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect([await isValid(tokens, token), await isValid(tokens, `${token}x`), await isValid(tokens, '')]).toEqual([true, false, false]);
    expect(await readFile(join(folder, 'keep', TOKEN_HASH_FILE), 'utf8')).not.toContain(token);
    expect([await modeOf(join('secrets', TOKEN_FILE)), await modeOf(join('keep', TOKEN_HASH_FILE))]).toEqual([0o600, 0o600]);
    expect(await isValid(await open(), token)).toBe(true);
  });

  test('I2 a removed token is replaced, and the old one is worth nothing', async () => {
    await open();
    const old = await tokenIn();
    await rm(join(folder, 'secrets', TOKEN_FILE));
    const tokens = await open();
    expect([await isValid(tokens, old), await isValid(tokens, await tokenIn())]).toEqual([false, true]);
  });

  test('a token that is not the one of the hash is an error that names both files', async () => {
    await open();
    await writeFile(join(folder, 'secrets', TOKEN_FILE), 'A'.repeat(43));
    await expect(open()).rejects.toThrow(TOKEN_HASH_FILE);
  });
});
