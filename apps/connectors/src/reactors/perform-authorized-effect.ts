/**
 * Does outside what governance has authorized, at most once (GUARANTEES G8). What only reads is not claimed (`read.ts`).
 *
 * I1 the claim is on the log before the wire is touched, its outcome after; a crash in between is doubt, not permission
 * I2 in doubt the world is looked at and nothing is sent again
 * I3 the wire is touched only while this worker can still be the one that holds the delivery (GUARANTEES G10), and the
 *    log shows its claim without an outcome
 * I4 after a restore the world is looked at before the wire (`restored.ts`)
 */
import type { Authorization, EffectLine, GateEvent } from '@soloist/contracts';
import { Fault, isRejection, reject, type Rejection } from '@soloist/kernel';
import { attempt, reactor, type Work } from '@soloist/service';
import { claimOnLog, stepName, type ClaimTask } from '../effects/claim.js';
import { lookAtRun, lookForRead } from '../effects/heads.js';
import { isClaimOpen, settleDoubt } from '../effects/doubt.js';
import { Holding } from '../effects/holding.js';
import { performRead, performReadAsRemembered } from '../effects/read.js';
import { asReceipt } from '../effects/receipt.js';
import { sendOrFind, type Done } from '../effects/restored.js';
import { fail, idempotencyKeyOf, isInDoubt, leaveUnknown, lineOf, succeed } from '../domain/effect.js';
import { effectEntity } from '../entities.js';
import type { OutwardAction, Prepared } from '../ports/connector.port.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

/** How soon a worker that does not answer is asked again. */
const ASKED_AGAIN_MS = 400;

type Performing = Work<ConnectorsPorts>;

export const performAuthorizedEffect = reactor<ConnectorsPorts, GateEvent, 'governance.gate.authorized'>({
  name: 'perform-authorized-effect',
  on: ['governance.gate.authorized'],
  react: async ({ event, commit }, work) => {
    const holding = new Holding(work.ports.stopwatch);
    try {
      await perform(event.data, commit.address.key, commit.position.sequence, holding, work);
    } finally {
      holding.release();
    }
  },
});

async function perform(authorization: Authorization, runId: string, deliveredAt: number, holding: Holding, work: Performing): Promise<void> {
  const genuine = work.ports.authorizations.isGenuine(authorization);
  // Doubt is settled without it; whoever needs it hears what became of it.
  genuine.catch(() => undefined);
  if (await readAsRemembered(authorization, runId, deliveredAt, genuine, work)) return;
  const looked = await lookAtRun(work, runId, deliveredAt);
  const { state } = looked.heads.effects;
  const line = lineOf(state, authorization);
  if (line !== undefined && line.nonce === authorization.nonce) {
    if (!isInDoubt(line)) return;
    if (work.mayBeHeld === true) throw new Fault('transient', 'effect.claimed-elsewhere', 'The worker that claimed this effect may still be at it.', { retryAfterMs: ASKED_AGAIN_MS });
    await settleDoubt({ runId, line, dataSubject: authorization.dataSubject }, actionOf(line.action, work), work);
    return;
  }
  const isSignatureValid = await genuine;
  if (isSignatureValid && (await wasDoneBefore(state.lines, runId, authorization, work))) return;
  const outbound = isSignatureValid ? await prepare(authorization, work) : notPrepared;
  const task = { runId, authorization, isSignatureValid, outbound, deliveredAt, looked };
  if (!isRejection(outbound) && outbound.action.effectClass === 'read-only') return performRead(task, work);
  await claimAndSend(task, holding, work);
}

/** What is plainly a read, of a run this worker knows. @returns false when all has to be looked at; nothing was done then */
async function readAsRemembered(authorization: Authorization, runId: string, deliveredAt: number, genuine: Promise<boolean>, work: Performing): Promise<boolean> {
  const isRead = [authorization, actionOf(authorization.action, work)].every((one) => one?.effectClass === 'read-only');
  const looked = isRead ? await lookForRead(work, runId) : null;
  if (looked === null || looked.heads.effects.state.lines.some(({ effectId }) => effectId === authorization.effectId) || !(await genuine)) return false;
  const outbound = await prepare(authorization, work);
  return !isRejection(outbound) && performReadAsRemembered({ runId, authorization, isSignatureValid: true, outbound, deliveredAt, looked }, work);
}

const notPrepared: Rejection = reject('authorization.signature-invalid', 'Nothing is prepared for an authorization that is not genuine.');

async function claimAndSend(task: ClaimTask, holding: Holding, work: Performing): Promise<void> {
  const { outbound } = task;
  await attempt<Done>({
    label: 'effect',
    claim: async () => {
      const isArmed = await claimOnLog(task, work);
      if (isArmed) holding.claimed(() => isClaimOpen(task, work));
      return isArmed;
    },
    act: () => {
      // A claim is granted for a prepared request only; anything else was refused on the log.
      if (isRejection(outbound)) throw new Error(`an effect was claimed that nobody prepared: ${outbound.code}`);
      return sendOrFind(task.authorization, outbound, work.ports.incarnation ?? 1, () => holding.mayProceed());
    },
    succeeded: (done) => recordSuccess(task, done, work),
    failed: (fault) => recordFault(task, fault, work),
  });
}

async function recordSuccess(task: ClaimTask, { receipt, knownBy }: Done, work: Performing): Promise<void> {
  const { effectId, generation, dataSubject } = task.authorization;
  await work.commit(effectEntity, task.runId, stepName('succeed', task, work), (table) =>
    succeed(table, { effectId, generation, dataSubject, receipt: asReceipt(receipt), knownBy }),
  );
}

async function recordFault(task: ClaimTask, fault: Fault, work: Performing): Promise<void> {
  const { authorization } = task;
  const { code, message: because } = fault;
  const hint = `Look outside for ${idempotencyKeyOf(authorization)} before deciding.`;
  await work.commit(effectEntity, task.runId, stepName('fault', task, work), (table) =>
    fault.kind === 'unknown-outcome' ? leaveUnknown(table, authorization, because, hint) : fail(table, authorization, { faultKind: fault.kind, code, because }),
  );
}

/** A later generation asks the world once more about the earlier ones before it sends anything. */
async function wasDoneBefore(lines: readonly EffectLine[], runId: string, authorization: Authorization, work: Performing): Promise<boolean> {
  const { effectId, generation, dataSubject } = authorization;
  for (const line of lines) {
    if (line.effectId !== effectId || line.generation >= generation || line.state !== 'unknown') continue;
    if ((await settleDoubt({ runId, line, dataSubject }, actionOf(line.action, work), work)) === 'found') return true;
  }
  return false;
}

async function prepare(authorization: Authorization, work: Performing): Promise<{ action: OutwardAction; prepared: Prepared } | Rejection> {
  const action = actionOf(authorization.action, work);
  if (action === undefined) return reject('effect.action-unknown', `No connector does ${authorization.action}.`);
  const prepared = await action.prepare(authorization.args, { idempotencyKey: idempotencyKeyOf(authorization) });
  return isRejection(prepared) ? prepared : { action, prepared };
}

function actionOf(name: string, work: Performing): OutwardAction | undefined {
  return work.ports.connectors.flatMap((connector) => connector.actions).find((action) => action.action === name);
}
