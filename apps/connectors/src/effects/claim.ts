/**
 * The fence of an outward claim: two commits, and the wire only after both (GUARANTEES G8, G10, G12, G25).
 *
 * I1 `attempted` expects the run's whole episode where its heads were read: a revocation, a pause or a newer epoch
 *    that lands first makes it fail, and what it was decided on is read again
 * I2 `armed` expects the stream's company stop where it was read: nothing starts past a stop. It expects nothing else, so
 *    it is an entity of its own without state; landing late, it changes nothing of the effect table
 * I3 whoever loses `armed` has certainly sent nothing and says so on the log
 * I4 the claim carries a name that its worker made up, so that two workers holding the same message never take the
 *    other's commit for their own, not even when the broker has forgotten how often it handed the message out
 * I5 an authorization that is claimed is never refused: what came in the way later is its claim's to meet
 */
import { randomUUID } from 'node:crypto';
import type { Authorization, EffectLine } from '@soloist/contracts';
import { Fault, isRejection, type Rejection } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { claimEffect, type Claim } from '../domain/claim.js';
import { arm } from '../domain/arming.js';
import { fail, idempotencyKeyOf, isInDoubt, lineOf, refuse, type EffectTable } from '../domain/effect.js';
import { armingEntity, effectEntity } from '../entities.js';
import type { OutwardAction, Prepared } from '../ports/connector.port.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { lookAtRun, requireGoing, type Looked } from './heads.js';

const TRIES = 6;

export interface ClaimTask {
  readonly runId: string;
  readonly authorization: Authorization;
  readonly isSignatureValid: boolean;
  readonly outbound: { readonly action: OutwardAction; readonly prepared: Prepared } | Rejection;
  /** Where the authorization lies in the run's stream: nothing that was read since hides what lies below. */
  readonly deliveredAt: number;
  readonly looked: Looked;
}

/** @returns whether the wire may be touched. @throws Fault transient when the episode kept moving */
export async function claimOnLog(task: ClaimTask, work: Work<ConnectorsPorts>): Promise<boolean> {
  const looked = await attemptOnLog(task, work);
  return looked !== null && armOnLog(task, looked, work);
}

/** @returns what the claim was made on, null when nothing was claimed */
async function attemptOnLog(task: ClaimTask, work: Work<ConnectorsPorts>): Promise<Looked | null> {
  const { runId, authorization } = task;
  const claimName = work.ports.claimName?.(idempotencyKeyOf(authorization)) ?? randomUUID();
  let { looked } = task;
  let told = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    // The heads are read after `told` was learned, so whatever of them lies below it has been seen.
    if (tries > 0) looked = await lookAtRun(work, runId, Math.max(task.deliveredAt, told));
    const { heads, stop } = looked;
    requireGoing(heads, runId);
    const { isSignatureValid } = task;
    const facts = outboundOf(task);
    const outcome = await work.commit(
      effectEntity,
      runId,
      stepName('attempt', task, work),
      (table, now) => claimEffect(table, { runId, authorization, isSignatureValid, outbound: facts, loop: heads.loop, stop: stop.stop, claimName }, now),
      { fence: () => ({ kind: 'episode', runId, sequence: Math.max(heads.sequence, told) }), policy: authorization.policyVersion, seen: heads.effects },
    );
    if (outcome.kind === 'committed') return looked;
    if (outcome.kind === 'rejected') return refuseOnLog(task, outcome.rejection, work);
    if (outcome.kind === 'fenced') told = outcome.lastSequence ?? 0;
  }
  throw new Fault('transient', 'effect.episode-contended', `the episode of run ${runId} moved ${TRIES} times in a row`);
}

/** What would go out, as far as a claim judges it. */
export function outboundOf({ outbound }: Pick<ClaimTask, 'outbound'>): Claim['outbound'] {
  return isRejection(outbound) ? outbound : { effectClass: outbound.action.effectClass, digest: outbound.prepared.digest };
}

async function armOnLog(task: ClaimTask, { heads, stop }: Looked, work: Work<ConnectorsPorts>): Promise<boolean> {
  const { runId, authorization } = task;
  const outcome = await work.commit(armingEntity, runId, stepName('arm', task, work), () => arm(authorization, stop.sequence), {
    fence: () => ({ kind: 'subject', address: stop.address, sequence: stop.sequence }),
    policy: authorization.policyVersion,
    // It says all there is to say, and this service may read heads only.
    startsHistory: true,
    seen: heads.arming,
  });
  if (outcome.kind === 'committed') return true;
  if (outcome.kind === 'fenced') {
    const because = 'The company was stopped after the attempt was claimed and before anything was sent.';
    await work.commit(effectEntity, runId, stepName('not-armed', task, work), (table) => fail(table, authorization, { faultKind: 'halted', code: 'halt.raised', because }));
  }
  return false;
}

/** @throws Fault transient when this very authorization is claimed by now and its claim has no outcome yet */
export async function refuseOnLog(task: ClaimTask, rejection: Rejection, work: Work<ConnectorsPorts>): Promise<null> {
  const { runId, authorization } = task;
  const { state } = await work.commit(effectEntity, runId, stepName('refuse', task, work), (table) =>
    claimOf(authorization, table) === undefined ? refuse(table, authorization, rejection) : [],
  );
  // Whatever stands in the way now did not when another worker claimed it: that claim is not refused any more. The
  // message must come again: if that worker is gone, nobody else would ever settle it.
  const claim = claimOf(authorization, state);
  if (claim !== undefined && isInDoubt(claim)) throw new Fault('transient', 'effect.claimed-elsewhere', rejection.because, { retryAfterMs: 5_000 });
  return null;
}

/** The claim made on this very authorization. */
function claimOf(authorization: Authorization, table: EffectTable): EffectLine | undefined {
  const line = lineOf(table, authorization);
  return line?.nonce === authorization.nonce ? line : undefined;
}

export function stepName(verb: string, { authorization }: Pick<ClaimTask, 'authorization'>, work: Pick<Work<unknown>, 'deliveryCount'>): string {
  return `${verb}:${authorization.effectId}-g${authorization.generation}:${work.deliveryCount}`;
}
