/**
 * Ed25519 (RFC 8032) over the canonical JSON of an authorization without `args` and `signature`; the arguments are
 * covered by the digest. The private key lies in the secrets folder and never leaves this file.
 *
 * I1 the key pair is made once; a private key that cannot be read is an error, never a reason to make another
 * I2 the public key on disk is always that of the private one
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, readOrWriteOnce, replaceDurably } from '@soloist/eventlog/durable-file';
import type { Authorization } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import type { AuthorizationSigner } from '../ports/authorization-signer.port.js';

export const SIGNING_KEY_FILE = 'governance-signing.key';
export const PUBLIC_KEY_FILE = 'governance-signing.pub';

export async function openSigner(secretsFolder: string, publicKeyFile = join(secretsFolder, PUBLIC_KEY_FILE)): Promise<AuthorizationSigner> {
  await mkdir(secretsFolder, { recursive: true, mode: 0o700 });
  const key = await privateKeyIn(join(secretsFolder, SIGNING_KEY_FILE));
  const publicKey = createPublicKey(key);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  if ((await readIfThere(publicKeyFile)) !== pem) await replaceDurably(publicKeyFile, pem, 0o644);
  return signerOf(key);
}

async function privateKeyIn(file: string): Promise<KeyObject> {
  const pem =
    (await readIfThere(file)) ??
    (await readOrWriteOnce(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600));
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The reason may quote the key; the message below says what to do.
  }
  throw new Error(`${file} is no Ed25519 key in PKCS#8 PEM. Restore it from the backup, or remove it to have a new one made (authorizations that wait are then refused).`);
}

export function signerOf(privateKey: KeyObject): AuthorizationSigner {
  const keyId = keyIdOf(createPublicKey(privateKey));
  return {
    sign: (authorization) => {
      const signature = sign(null, signedBytes({ ...authorization, keyId }), privateKey).toString('base64url');
      return { keyId, signature };
    },
  };
}

/** Of a key that never changes. */
const keyIds = new WeakMap<KeyObject, string>();

/** First 16 hex digits of the SHA-256 of the public key in SPKI DER. */
export function keyIdOf(publicKey: KeyObject): string {
  const known = keyIds.get(publicKey);
  if (known !== undefined) return known;
  const keyId = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16);
  keyIds.set(publicKey, keyId);
  return keyId;
}

/** What the signature covers; a signature that is already there is left out. */
export function signedBytes(authorization: Omit<Authorization, 'signature'> & { readonly signature?: string }): Buffer {
  const { args: _args, signature: _signature, ...covered } = authorization;
  return Buffer.from(canonicalJson(covered));
}

export function isAuthentic(authorization: Authorization, publicKey: KeyObject): boolean {
  return authorization.keyId === keyIdOf(publicKey) && verify(null, signedBytes(authorization), publicKey, Buffer.from(authorization.signature, 'base64url'));
}
