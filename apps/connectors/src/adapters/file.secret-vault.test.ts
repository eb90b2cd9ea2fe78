import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@soloist/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relayEndpoint } from './outbound-endpoint.js';
import { fileSecretVault, type VaultFiles } from './file.secret-vault.js';

let folder: string;
let files: VaultFiles;
const secret = 'correct horse battery staple';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-vault-'));
  files = { vault: join(folder, 'connectors-vault.json'), key: join(folder, 'connectors-vault.key') };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function faultOf(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error: unknown = await work.then(() => null, (thrown: unknown) => thrown);
  if (!isFault(error)) throw new Error(`no fault: ${String(error)}`);
  return { code: error.code, text: `${error.message} ${String(error.stack)} ${String(error.cause)}` };
}

describe('the vault', () => {
  it('[C6] keeps, lists, replaces and forgets secrets; neither file shows a value', async () => {
    const vault = fileSecretVault(files);
    expect(await vault.get('smtp.outbound')).toBeNull();
    await vault.set('smtp.outbound', secret);
    await vault.set('caldav.home', 'other');
    expect(await vault.names()).toEqual(['caldav.home', 'smtp.outbound']);
    expect(await fileSecretVault(files).get('smtp.outbound')).toBe(secret);
    await vault.set('smtp.outbound', 'new');
    expect(await vault.get('smtp.outbound')).toBe('new');
    for (const file of [files.vault, files.key]) {
      const text = await readFile(file, 'utf8');
      for (const value of [secret, 'new', Buffer.from(secret).toString('base64')]) expect(text).not.toContain(`"${value}"`);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    expect(await vault.delete('smtp.outbound')).toBe(true);
    expect(await vault.delete('smtp.outbound')).toBe(false);
    expect(await vault.get('smtp.outbound')).toBeNull();
  });

  it('[C6] rotates its key: the values stay, the old key opens nothing any more', async () => {
    const vault = fileSecretVault(files);
    await vault.set('smtp.outbound', secret);
    const oldKey = await readFile(files.key, 'utf8');
    await vault.rotateKey();
    expect(await vault.get('smtp.outbound')).toBe(secret);
    await writeFile(files.key, oldKey);
    expect((await faultOf(vault.get('smtp.outbound'))).code).toBe('vault.key-missing');
  });

  it('stays readable after a crash in the middle of a rotation (I2)', async () => {
    const vault = fileSecretVault(files);
    await vault.set('smtp.outbound', secret);
    const before = await readFile(files.vault, 'utf8');
    const oldKeys = JSON.parse(await readFile(files.key, 'utf8')) as { keys: Record<string, string> };
    await vault.rotateKey();
    const newKeys = JSON.parse(await readFile(files.key, 'utf8')) as { keys: Record<string, string> };
    const after = await readFile(files.vault, 'utf8');
    // What stands on the disk between the steps: both keys, with the envelopes of either side.
    await writeFile(files.key, JSON.stringify({ ...newKeys, keys: { ...oldKeys.keys, ...newKeys.keys } }));
    for (const envelopes of [before, after]) {
      await writeFile(files.vault, envelopes);
      expect(await vault.get('smtp.outbound')).toBe(secret);
    }
  });

  it('refuses a swapped, changed or damaged envelope, and never tells what was in it (I1, I3)', async () => {
    const vault = fileSecretVault(files);
    await vault.set('smtp.outbound', secret);
    await vault.set('caldav.home', 'other');
    const good = JSON.parse(await readFile(files.vault, 'utf8')) as { envelopes: Record<string, { secret: { tag: string; ciphertext: string } }> };
    const swapped = { ...good, envelopes: { 'smtp.outbound': good.envelopes['caldav.home'], 'caldav.home': good.envelopes['smtp.outbound'] } };
    await writeFile(files.vault, JSON.stringify(swapped));
    expect((await faultOf(vault.get('smtp.outbound'))).code).toBe('vault.cannot-open');
    for (const text of ['', '{', `{"version":1,"envelopes":{"smtp.outbound":"${secret}"}}`]) {
      await writeFile(files.vault, text);
      const told = await faultOf(vault.get('smtp.outbound'));
      expect(told.code).toBe('vault.unreadable');
      expect(told.text).not.toContain(secret);
    }
  });

  it('refuses a key file that others can read (I4), a missing one, and a bad name', async () => {
    const vault = fileSecretVault(files);
    await vault.set('smtp.outbound', secret);
    await chmod(files.key, 0o644);
    expect((await faultOf(vault.get('smtp.outbound'))).code).toBe('vault.key-exposed');
    await rm(files.key);
    expect((await faultOf(vault.get('smtp.outbound'))).code).toBe('vault.key-missing');
    expect((await faultOf(vault.set('../x', secret))).code).toBe('vault.bad-name');
  });

  it('lets one writer in at a time, and says what to do about a lock left behind', async () => {
    const vault = fileSecretVault(files);
    await vault.set('smtp.outbound', secret);
    await writeFile(`${files.vault}.lock`, '');
    const told = await faultOf(vault.set('smtp.outbound', 'new'));
    expect(told.code).toBe('vault.locked');
    expect(told.text).toContain(`${files.vault}.lock`);
    expect(await vault.get('smtp.outbound')).toBe(secret);
  });
});

describe('the login of the outbound server', () => {
  it('[C6] is read at each use, so that a rotated password needs no restart', async () => {
    const vault = fileSecretVault(files);
    const endpoint = relayEndpoint({ host: 'mail.example', port: 465 }, vault);
    expect(await endpoint()).toEqual({ host: 'mail.example', port: 465, isSecure: true, login: null });
    await vault.set('smtp.outbound', JSON.stringify({ user: 'me', password: secret }));
    expect((await endpoint()).login).toEqual({ user: 'me', password: secret });
    await vault.set('smtp.outbound', JSON.stringify({ user: 'me', password: 'next' }));
    expect((await endpoint()).login?.password).toBe('next');
  });

  it('[C6] never quotes a secret that cannot be read', async () => {
    const vault = fileSecretVault(files);
    const endpoint = relayEndpoint({ host: 'mail.example', port: 587 }, vault);
    for (const value of [secret, JSON.stringify({ user: 'me', pass: secret })]) {
      await vault.set('smtp.outbound', value);
      const told = await faultOf(endpoint());
      expect(told.code).toBe('mail.login-unreadable');
      expect(told.text).not.toContain(secret);
    }
  });
});
