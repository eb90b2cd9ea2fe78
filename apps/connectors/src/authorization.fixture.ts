/** For tests: governance's side of an authorization, with a key of its own. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Authorization } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import { digestOfAction, SEND_MAIL } from './connectors/mail/mail-arguments.js';

export interface Signer {
  /** Signs what stands there, right or wrong. */
  sign(authorization: Authorization): Authorization;
  writePublicKey(file: string): Promise<void>;
}

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    sign: (authorization) => ({ ...authorization, signature: signatureOf(authorization, privateKey) }),
    writePublicKey: (file) => writeFile(file, publicKey.export({ type: 'spki', format: 'pem' })),
  };
}

function signatureOf({ args: _args, signature: _signature, ...signed }: Authorization, key: KeyObject): string {
  return sign(null, Buffer.from(canonicalJson(signed)), key).toString('base64url');
}

export const MAIL_ARGS = { to: ['jane@client.example'], subject: 'Rate for June', text: 'It is 95 EUR an hour.' };

/** A good authorization of one mail, unsigned. */
export function authorizationFor(runId: string, changed: Partial<Authorization> = {}): Authorization {
  const args = changed.args ?? MAIL_ARGS;
  const generation = changed.generation ?? 1;
  return {
    runId,
    effectId: `${runId.slice(0, 24)}-e1`,
    generation,
    action: SEND_MAIL,
    args,
    digest: digestOfAction(SEND_MAIL, args),
    effectClass: 'check-first',
    epoch: 1,
    stopGeneration: 0,
    policyVersion: 'b'.repeat(16),
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    nonce: `nonce-${generation}`,
    dataSubject: 'someone',
    keyId: 'key-1',
    signature: '',
    ...changed,
  };
}
