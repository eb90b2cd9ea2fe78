/**
 * Reads outside what governance has authorized. A read changes nothing, so nothing is claimed for it: one commit tells
 * its outcome.
 *
 * I1 the authorization is judged by the run and the company stop as they stand before the wire, like any other
 * I2 done twice by two workers, a read is recorded once
 */
import { isFault, isRejection } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { claimEffect } from '../domain/claim.js';
import { concludeRead, type ReadOutcome } from '../domain/effect.js';
import { effectEntity } from '../entities.js';
import type { Prepared } from '../ports/connector.port.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { outboundOf, refuseOnLog, stepName, type ClaimTask } from './claim.js';
import { requireGoing } from './heads.js';
import { asReceipt } from './receipt.js';

export async function performRead(task: ClaimTask, work: Work<ConnectorsPorts>): Promise<void> {
  const { runId, authorization, outbound, looked } = task;
  const { heads, stop } = looked;
  requireGoing(heads, runId);
  const claim = { runId, authorization, isSignatureValid: task.isSignatureValid, outbound: outboundOf(task), loop: heads.loop, stop: stop.stop, claimName: 'read' };
  // Decided and not written: the judgement needs the moment only.
  const judged = await work.commit(effectEntity, runId, stepName('judge', task, work), (table, now) => {
    const decision = claimEffect(table, claim, now);
    return isRejection(decision) ? decision : [];
  }, { seen: heads.effects });
  if (judged.kind === 'rejected') return void (await refuseOnLog(task, judged.rejection, work));
  if (isRejection(outbound)) throw new Error(`a read was let through that nobody prepared: ${outbound.code}`);
  const outcome = await outcomeOf(outbound.prepared, authorization.dataSubject);
  await work.commit(effectEntity, runId, stepName('read', task, work), (table) => concludeRead(table, authorization, outcome), { policy: authorization.policyVersion, seen: heads.effects });
}

async function outcomeOf(prepared: Prepared, dataSubject: string): Promise<ReadOutcome> {
  try {
    return { kind: 'succeeded', dataSubject, receipt: asReceipt(await prepared.send(() => Promise.resolve(true))) };
  } catch (error) {
    if (!isFault(error)) throw error;
    const { kind: faultKind, code, message: because } = error;
    // Whether an answer got lost or never was makes no difference to a read.
    return { kind: 'failed', faultKind: faultKind === 'unknown-outcome' ? 'transient' : faultKind, code, because } satisfies ReadOutcome;
  }
}
