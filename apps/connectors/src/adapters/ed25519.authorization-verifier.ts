/** Verifies governance's signature (Ed25519, RFC 8032) over the canonical JSON of an authorization without `args`. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Authorization } from '@soloist/contracts';
import { canonicalJson, Fault } from '@soloist/kernel';
import type { AuthorizationVerifier } from '../ports/connectors.ports.js';

/** The bytes a signature covers; `args` are covered by the digest, which is among them. */
export function signedBytes({ args: _args, signature: _signature, ...signed }: Authorization): Buffer {
  return Buffer.from(canonicalJson(signed), 'utf8');
}

/** Reads the key at each use, so that a rotated one counts at once. */
export function ed25519AuthorizationVerifier(publicKeyFile: string): AuthorizationVerifier {
  return {
    isGenuine: async (authorization) => {
      const key = await readKey(publicKeyFile);
      const signature = Buffer.from(authorization.signature, 'base64url');
      // One form only: a second spelling of the same bytes would be a second authorization to whoever compares text.
      if (signature.length !== 64 || signature.toString('base64url') !== authorization.signature) return false;
      return verify(null, signedBytes(authorization), key, signature);
    },
  };
}

async function readKey(file: string): Promise<KeyObject> {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch (error) {
    throw new Fault('transient', 'authorization.key-missing', `The public key of governance is not at ${file} yet; governance writes it at its first start. Held until it is there.`, { cause: error });
  }
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below: what is in the file is no key.
  }
  throw new Fault('unauthorized', 'authorization.key-unreadable', `${file} does not hold an Ed25519 public key in PEM form. Restore it from governance's key.`);
}
