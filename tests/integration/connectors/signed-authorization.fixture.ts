/** Governance's side for tests of the connectors: a signing key, and authorizations of one mail each. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { digestOfAction, SEND_MAIL } from '@soloist/connectors';
import type { AnyEvent, Authorization } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';

export interface Signer {
  /** Lets one mail out, as far as governance is concerned. */
  authorized(runId: string, changed?: Partial<Authorization>): AnyEvent;
  writePublicKey(file: string): Promise<void>;
}

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    authorized: (runId, changed = {}) => {
      const args = { to: ['jane@client.example'], subject: 'Rate', text: `The rate of ${runId} is 95 EUR.` };
      const signed: Omit<Authorization, 'args' | 'signature'> = {
        runId,
        effectId: effectIdOf(runId),
        generation: 1,
        action: SEND_MAIL,
        digest: digestOfAction(SEND_MAIL, args),
        effectClass: 'check-first',
        epoch: 1,
        stopGeneration: 0,
        policyVersion: 'b'.repeat(16),
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
        nonce: 'nonce-1',
        dataSubject: 'someone',
        keyId: 'key-1',
        ...changed,
      };
      const signature = sign(null, Buffer.from(canonicalJson(signed)), privateKey).toString('base64url');
      return { type: 'governance.gate.authorized', data: { ...signed, args, signature } };
    },
    writePublicKey: (file) => writeFile(file, publicKey.export({ type: 'spki', format: 'pem' })),
  };
}

export function effectIdOf(runId: string): string {
  return `${runId.slice(0, 24)}-e1`;
}

export function claimedLoop(runId: string, epoch: number): AnyEvent {
  return {
    type: 'runtime.loop.claimed',
    data: { runId, epoch, inputId: 'input-1', agent: 'client-desk', definitionVersion: 'd'.repeat(16), envelopeMicros: 1, currency: 'USD', dataSubject: 'someone' },
  };
}
