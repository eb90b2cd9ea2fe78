/** What every decision about a run's effects rests on: the pinned policy, the company stop, the seal. */
import { haltKeyOfStream, streamOfKey, type PolicyDocument, type StreamCount } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import type { Seal, Terms } from '../domain/gate.js';
import type { Halt } from '../domain/halt.js';
import { POLICY_KEY } from '../domain/policy.js';
import { halts, policies } from '../entities.js';
import type { AuthorizationSigner } from '../ports/authorization-signer.port.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export interface FullTerms extends Terms {
  readonly document: PolicyDocument;
  readonly halt: Halt;
}

export async function termsOf(work: Work<GovernancePorts>, runId: string, policyVersion: string): Promise<FullTerms> {
  const { state } = await work.load(policies, POLICY_KEY);
  const document = state.versions.get(policyVersion);
  if (document === undefined) throw new Error(`run ${runId} is pinned to the policy ${policyVersion}, which was never adopted`);
  const halt = await haltOf(work, runId);
  return { policyVersion, document, halt, stopGeneration: halt.generation };
}

/** The company stop in the stream of this run. */
export async function haltOf(work: Work<GovernancePorts>, runId: string): Promise<Halt> {
  const streams = work.log.streams as StreamCount;
  return (await work.load(halts, haltKeyOfStream(streamOfKey(runId, streams), streams))).state;
}

/** The digest that connectors compute again from what really goes out. */
export function actionDigest(action: string, args: unknown): string {
  return sha256Hex(canonicalJson({ action, args }));
}

export function sealWith(signer: AuthorizationSigner): Seal {
  return (authorization) => {
    const { effectId, generation, digest } = authorization;
    // Drawn from what it is for: a repeat of the same decision after a crash has the same nonce, another never.
    const nonce = sha256Hex(canonicalJson(['soloist.authorization', effectId, generation, digest])).slice(0, 32);
    const unsigned = { ...authorization, nonce };
    return { ...unsigned, ...signer.sign(unsigned) };
  };
}
