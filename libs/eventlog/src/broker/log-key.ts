/**
 * The key that signs heads of the log. The private half lies in the keep and is backed up with the keys; the public half
 * is for everybody and is backed up with the log.
 *
 * I1 the pair is made once; a key that cannot be read is an error, never a reason to make another
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '@soloist/kernel';
import { readIfThere, readOrWriteOnce, replaceDurably } from '../durable-file.js';
import { readLogKey } from '../verify/signed-head.js';

export const LOG_KEY_FILE = 'log-signing.key';
export const LOG_PUBLIC_KEY_FILE = 'log-signing.pub';

/** Made when there is none. @throws Fault invalid keep-unreadable */
export async function openLogKey(keepFolder: string): Promise<KeyObject> {
  const file = join(keepFolder, LOG_KEY_FILE);
  const pem = (await readIfThere(file)) ?? (await readOrWriteOnce(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));
  const key = privateKeyOf(pem, file);
  const publicFile = join(keepFolder, LOG_PUBLIC_KEY_FILE);
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  if ((await readIfThere(publicFile)) !== publicPem) await replaceDurably(publicFile, publicPem, 0o644);
  return key;
}

/** Null when this keep has never signed anything. @throws Fault invalid keep-unreadable */
export async function publicLogKey(keepFolder: string): Promise<KeyObject | null> {
  const file = join(keepFolder, LOG_PUBLIC_KEY_FILE);
  const pem = await readIfThere(file);
  if (pem === null) return null;
  try {
    return readLogKey(pem);
  } catch (cause) {
    throw new Fault('invalid', 'keep-unreadable', `${file} is no Ed25519 public key in PEM. Restore it from a backup of the keep.`, { cause });
  }
}

function privateKeyOf(pem: string, file: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The reason may quote the key; the message below says what to do.
  }
  throw new Fault('invalid', 'keep-unreadable', `${file} is no Ed25519 key in PKCS#8 PEM. Restore it from a backup of the keep.`);
}
