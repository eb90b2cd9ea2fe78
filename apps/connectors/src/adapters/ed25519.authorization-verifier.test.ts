import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { derivedId } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authorizationFor, newSigner } from '../authorization.fixture.js';
import { claimEffect } from '../domain/claim.js';
import { initialEffects } from '../domain/effect.js';
import { digestOfAction } from '../connectors/mail/mail-arguments.js';
import { ed25519AuthorizationVerifier } from './ed25519.authorization-verifier.js';

let folder: string;
let keyFile: string;
const runId = derivedId('run', 'one');
const signer = newSigner();
const good = signer.sign(authorizationFor(runId));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-keys-'));
  keyFile = join(folder, 'governance-signing.pub');
  await signer.writePublicKey(keyFile);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('takes what governance signed', async () => {
  expect(await ed25519AuthorizationVerifier(keyFile).isGenuine(good)).toBe(true);
});

it("[G12] takes nothing that another key signed, and nothing by yesterday's key after it was replaced", async () => {
  const verifier = ed25519AuthorizationVerifier(keyFile);
  expect(await verifier.isGenuine(newSigner().sign(authorizationFor(runId)))).toBe(false);
  await newSigner().writePublicKey(keyFile);
  expect(await verifier.isGenuine(good)).toBe(false);
});

it('[G12] no changed authorization is ever claimed: not one field of it, not its signature, not its arguments', async () => {
  const verifier = ed25519AuthorizationVerifier(keyFile);
  const text = fc.string({ maxLength: 40 });
  const change = fc.oneof(
    ...(['runId', 'effectId', 'action', 'digest', 'policyVersion', 'nonce', 'dataSubject', 'keyId', 'expiresAt'] as const).map((field) => text.map((value) => ({ [field]: value }))),
    ...(['generation', 'epoch', 'stopGeneration'] as const).map((field) => fc.integer({ min: 0, max: 99 }).map((value) => ({ [field]: value }))),
    fc.constantFrom('read-only', 'natural', 'keyed', 'never').map((effectClass) => ({ effectClass })),
    fc.dictionary(fc.constantFrom('to', 'subject', 'text', 'inReplyTo'), fc.json().map((json) => JSON.parse(json) as unknown)).map((args) => ({ args: { ...good.args, ...args } })),
    fc.nat(85).chain((at) => fc.constantFrom(...'ABCabc019-_').map((letter) => ({ signature: good.signature.slice(0, at) + letter + good.signature.slice(at + 1) }))),
    fc.constantFrom('', '=', 'A', ' ').map((tail) => ({ signature: `${good.signature}${tail}` })),
    fc.constantFrom('', 'x', Buffer.alloc(64).toString('base64url')).map((signature) => ({ signature })),
  );
  await fc.assert(
    fc.asyncProperty(change, async (changed) => {
      const altered = { ...good, ...changed } as typeof good;
      fc.pre(JSON.stringify(altered) !== JSON.stringify(good));
      const decision = claimEffect(
        initialEffects,
        {
          runId,
          authorization: altered,
          isSignatureValid: await verifier.isGenuine(altered),
          outbound: { effectClass: 'check-first', digest: digestOfAction('mail.send', altered.args) },
          loop: { epoch: 1, isFinished: false, isPaused: false },
          stop: { isRaised: false, generation: 0 },
          claimName: 'claim-1',
        },
        new Date().toISOString(),
      );
      expect(decision).toMatchObject({ rejected: true });
    }),
    { numRuns: 5_000 },
  );
});

it('holds while the key is not there, and says what is wrong with a file that is no key', async () => {
  const missing = ed25519AuthorizationVerifier(join(folder, 'none.pub'));
  await expect(missing.isGenuine(good)).rejects.toSatisfy((error) => isFault(error) && error.kind === 'transient' && error.code === 'authorization.key-missing');
  const verifier = ed25519AuthorizationVerifier(keyFile);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ type: 'spki', format: 'pem' });
  for (const content of ['', 'no key', rsa]) {
    await writeFile(keyFile, content);
    await expect(verifier.isGenuine(good)).rejects.toSatisfy((error) => isFault(error) && error.code === 'authorization.key-unreadable');
  }
});
