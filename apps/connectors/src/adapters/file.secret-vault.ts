/**
 * The vault as two files: envelopes in one, the keys that open them in the other (mode 0600).
 *
 * I1 each secret is sealed by AES-256-GCM under a key of its own, that key under the vault's; both are bound to the name
 * I2 both files are replaced in one step each, in an order that leaves the vault readable after a crash at any point
 * I3 no value, key or ciphertext stands in an error
 * I4 a key file others can read is refused
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceDurably } from '@soloist/eventlog/durable-file';
import { Fault } from '@soloist/kernel';
import { z } from 'zod';
import type { SecretVault } from '../ports/secret-vault.port.js';

const KEY_BYTES = 32;
const SecretName = z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/, 'a-z, digits, . and -, at most 64, starting with a letter');

const Sealed = z.strictObject({ nonce: z.base64(), ciphertext: z.base64(), tag: z.base64() });
const Envelope = z.strictObject({ keyId: z.string(), wrappedKey: Sealed, secret: Sealed });
const VaultFile = z.strictObject({ version: z.literal(1), envelopes: z.record(z.string(), Envelope) });
const KeyFile = z.strictObject({ version: z.literal(1), current: z.string(), keys: z.record(z.string(), z.base64()) });
type Sealed = z.output<typeof Sealed>;
type VaultFile = z.output<typeof VaultFile>;
type KeyFile = z.output<typeof KeyFile>;

export interface VaultFiles {
  readonly vault: string;
  readonly key: string;
}

export function fileSecretVault(files: VaultFiles): SecretVault {
  return {
    get: async (name) => {
      const envelope = (await readVault(files)).envelopes[checked(name)];
      if (envelope === undefined) return null;
      return openEnvelope(name, envelope, await readKeys(files)).toString('utf8');
    },
    set: async (name, value) => {
      await changing(files, async (vault) => {
        const keys = await readOrMakeKeys(files);
        return { ...vault, envelopes: { ...vault.envelopes, [checked(name)]: sealEnvelope(name, Buffer.from(value, 'utf8'), keys) } };
      });
    },
    delete: async (name) => {
      let isThere = false;
      await changing(files, async (vault) => {
        const { [checked(name)]: gone, ...envelopes } = vault.envelopes;
        isThere = gone !== undefined;
        return { ...vault, envelopes };
      });
      return isThere;
    },
    names: async () => Object.keys((await readVault(files)).envelopes).sort(),
    rotateKey: () => rotate(files),
  };
}

async function rotate(files: VaultFiles): Promise<void> {
  let fresh: KeyFile | null = null;
  await changing(files, async (vault) => {
    const before = await readOrMakeKeys(files);
    const added = freshKeys();
    // Both keys first: until the envelopes are replaced the old one is still needed.
    const both: KeyFile = { ...added, keys: { ...before.keys, ...added.keys } };
    await writeKeys(files, both);
    fresh = added;
    const moved = Object.entries(vault.envelopes).map(([name, envelope]) => [name, sealEnvelope(name, openEnvelope(name, envelope, both), both)] as const);
    return { ...vault, envelopes: Object.fromEntries(moved) };
  });
  if (fresh !== null) await writeKeys(files, fresh);
}

/** One writer at a time, also between processes; a writer that died leaves the lock for a person to judge. */
async function changing(files: VaultFiles, change: (vault: VaultFile) => Promise<VaultFile>): Promise<void> {
  await mkdir(dirname(files.vault), { recursive: true, mode: 0o700 });
  const lock = `${files.vault}.lock`;
  const handle = await open(lock, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Fault('transient', 'vault.locked', `Somebody else is changing the vault. If nobody is, remove ${lock} and try again.`);
  });
  try {
    const changed = await change(await readVault(files));
    await replaceDurably(files.vault, `${JSON.stringify(changed, null, 2)}\n`);
  } finally {
    await handle.close();
    await unlink(lock);
  }
}

function sealEnvelope(name: string, secret: Buffer, keys: KeyFile): z.output<typeof Envelope> {
  const own = randomBytes(KEY_BYTES);
  return { keyId: keys.current, wrappedKey: seal(keyOf(keys, keys.current), `key:${name}`, own), secret: seal(own, `secret:${name}`, secret) };
}

function openEnvelope(name: string, { keyId, wrappedKey, secret }: z.output<typeof Envelope>, keys: KeyFile): Buffer {
  return unseal(unseal(keyOf(keys, keyId), `key:${name}`, wrappedKey, name), `secret:${name}`, secret, name);
}

function seal(key: Buffer, place: string, plaintext: Buffer): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
}

function unseal(key: Buffer, place: string, { nonce, ciphertext, tag }: Sealed, name: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(place));
  try {
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64')), decipher.final()]);
  } catch {
    throw new Fault('unauthorized', 'vault.cannot-open', `The secret ${name} does not open with the key in the key file: one of the files was changed or belongs to another vault. Set the secret again.`);
  }
}

function keyOf(keys: KeyFile, keyId: string): Buffer {
  const key = Buffer.from(keys.keys[keyId] ?? '', 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Fault('unauthorized', 'vault.key-missing', 'The key file does not hold the key the vault was sealed with. Restore both files together, or set the secrets again.');
}

async function readVault(files: VaultFiles): Promise<VaultFile> {
  return (await readJson(files.vault, VaultFile, 'vault')) ?? { version: 1, envelopes: {} };
}

async function readOrMakeKeys(files: VaultFiles): Promise<KeyFile> {
  const keys = await readJson(files.key, KeyFile, 'key file');
  if (keys !== null) return checkMode(files, keys);
  const fresh = freshKeys();
  await writeKeys(files, fresh);
  return fresh;
}

async function readKeys(files: VaultFiles): Promise<KeyFile> {
  const keys = await readJson(files.key, KeyFile, 'key file');
  if (keys === null) throw new Fault('unauthorized', 'vault.key-missing', `The key file ${files.key} is missing. Restore it, or set the secrets again.`);
  return checkMode(files, keys);
}

async function checkMode(files: VaultFiles, keys: KeyFile): Promise<KeyFile> {
  const mode = (await stat(files.key)).mode & 0o077;
  if (mode === 0) return keys;
  throw new Fault('unauthorized', 'vault.key-exposed', `Others can read the key file ${files.key}. Run: chmod 600 ${files.key}, and rotate the key.`);
}

function writeKeys(files: VaultFiles, keys: KeyFile): Promise<void> {
  return replaceDurably(files.key, `${JSON.stringify(keys)}\n`);
}

function freshKeys(): KeyFile {
  const id = randomBytes(8).toString('hex');
  return { version: 1, current: id, keys: { [id]: randomBytes(KEY_BYTES).toString('base64') } };
}

function checked(name: string): string {
  const parsed = SecretName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new Fault('invalid', 'vault.bad-name', `A secret's name must be: ${parsed.error.issues[0]?.message ?? 'a plain name'}.`);
}

/** Null when there is no such file. I3: a file that cannot be read is named, its content is not. */
async function readJson<Schema extends z.ZodType>(path: string, schema: Schema, what: string): Promise<z.output<Schema> | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new Fault('unauthorized', 'vault.unreadable', `The ${what} ${path} cannot be read (${code ?? 'unknown reason'}).`);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Fault('unauthorized', 'vault.unreadable', `The ${what} ${path} is damaged. Restore it, or remove both files and set the secrets again.`);
  }
}
