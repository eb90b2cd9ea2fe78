/**
 * Whether an authorization may be acted on, now, with what would really go out.
 *
 * I1 nothing in an authorization is believed before its signature holds
 * I2 the digest is that of the outbound request, never of what the authorization says about itself
 * I3 a stop of the company or a newer claim of the run makes every older authorization void
 */
import { isRejection, reject, type EffectClass, type Rejection } from '@soloist/kernel';
import type { Authorization, EffectEvent } from '@soloist/contracts';
import { attempt, type EffectTable } from './effect.js';
import type { CompanyStop, LoopStanding } from './standing.js';

export interface Claim {
  /** The run whose table this is: the key the authorization was found under. */
  readonly runId: string;
  readonly authorization: Authorization;
  readonly isSignatureValid: boolean;
  /** What our own connector would do; a rejection when it cannot do that at all. */
  readonly outbound: { readonly effectClass: EffectClass; readonly digest: string } | Rejection;
  readonly loop: LoopStanding;
  readonly stop: CompanyStop;
  /** What the worker calls this claim; no other claim is called so. */
  readonly claimName: string;
}

export function claimEffect(table: EffectTable, claim: Claim, now: string): readonly EffectEvent[] | Rejection {
  const refusal = refusalOf(claim, now);
  if (refusal !== null) return refusal;
  const { effectId, generation, action, digest, nonce, effectClass, epoch } = claim.authorization;
  return attempt(table, { effectId, generation, action, digest, nonce, effectClass, epoch, claimName: claim.claimName });
}

function refusalOf(claim: Claim, now: string): Rejection | null {
  return judgePaper(claim, now) ?? judgeOutbound(claim) ?? judgeStanding(claim);
}

function judgePaper({ authorization, isSignatureValid, runId }: Claim, now: string): Rejection | null {
  if (!isSignatureValid) return reject('authorization.signature-invalid', 'The signature is not that of governance over this authorization.');
  if (authorization.runId !== runId) return reject('authorization.other-run', `The authorization is for run ${authorization.runId}, not for ${runId}.`);
  if (Date.parse(authorization.expiresAt) <= Date.parse(now)) {
    return reject('authorization.expired', `The authorization expired at ${authorization.expiresAt}; ask for a new decision.`);
  }
  return null;
}

function judgeOutbound({ authorization, outbound }: Claim): Rejection | null {
  if (isRejection(outbound)) return outbound;
  if (outbound.effectClass !== authorization.effectClass) {
    return reject('effect.class-differs', `${authorization.action} is ${outbound.effectClass}, but was authorized as ${authorization.effectClass}.`);
  }
  if (outbound.digest !== authorization.digest) {
    return reject('effect.digest-differs', 'What would go out is not what was authorized: the digests differ.');
  }
  return null;
}

function judgeStanding({ authorization, loop, stop }: Claim): Rejection | null {
  if (loop.isFinished) return reject('run.finished', 'The run has ended; nothing more is done for it.');
  if (loop.epoch === null) return reject('run.epoch-unknown', "The run's last commit names no epoch, so nobody can tell whether the authorization is still its own.");
  if (loop.epoch !== authorization.epoch) {
    return reject('authorization.epoch-stale', `The run is in epoch ${loop.epoch}, the authorization belongs to epoch ${authorization.epoch}.`);
  }
  if (stop.isRaised) return reject('halt.raised', 'The company is stopped; nothing new starts outside until the stop is lifted.');
  if (stop.generation > authorization.stopGeneration) {
    return reject('authorization.before-stop', 'The company was stopped after this authorization was given; ask for a new decision.');
  }
  return null;
}
