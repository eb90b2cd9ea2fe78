/**
 * Reads outside what governance has authorized. A read changes nothing, so nothing is claimed for it: one commit tells
 * its outcome.
 *
 * I1 the authorization is judged by the run and the company stop as they stand before the wire, like any other
 * I2 done twice by two workers, a read is recorded once
 * I3 on a remembered table a read may be done and its outcome written where that is still the table; nothing is refused
 */
import type { EffectEvent } from '@soloist/contracts';
import { isFault, isRejection, type Rejection } from '@soloist/kernel';
import type { Loaded, Work } from '@soloist/service';
import { claimEffect } from '../domain/claim.js';
import { concludeRead, type EffectTable, type ReadOutcome } from '../domain/effect.js';
import { effectEntity } from '../entities.js';
import type { Prepared } from '../ports/connector.port.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { outboundOf, refuseOnLog, stepName, type ClaimTask } from './claim.js';
import { requireGoing } from './heads.js';
import { asReceipt } from './receipt.js';

export async function performRead(task: ClaimTask, work: Work<ConnectorsPorts>): Promise<void> {
  const refusal = await refusalOf(task, work);
  if (refusal !== null) await refuseOnLog(task, refusal, work);
  else await readAndConclude(task, work, task.looked.heads.effects);
}

/** On an effect table that others may have written to since. @returns false when it does not allow the read: nothing was done */
export async function performReadAsRemembered(task: ClaimTask, work: Work<ConnectorsPorts>): Promise<boolean> {
  if ((await refusalOf(task, work)) !== null) return false;
  await readAndConclude(task, work, null);
  return true;
}

/** Decided and not written: the judgement needs the moment only. */
async function refusalOf(task: ClaimTask, work: Work<ConnectorsPorts>): Promise<Rejection | null> {
  const { runId, authorization, isSignatureValid, looked } = task;
  const { heads, stop } = looked;
  requireGoing(heads, runId);
  const claim = { runId, authorization, isSignatureValid, outbound: outboundOf(task), loop: heads.loop, stop: stop.stop, claimName: 'read' };
  const decide = (table: EffectTable, now: string): readonly EffectEvent[] | Rejection => {
    const decision = claimEffect(table, claim, now);
    return isRejection(decision) ? decision : [];
  };
  const judged = await work.commit(effectEntity, runId, stepName('judge', task, work), decide, { seen: heads.effects });
  return judged.kind === 'rejected' ? judged.rejection : null;
}

/** @param seen null: the table as this process left it, which the outcome then expects */
async function readAndConclude(task: ClaimTask, work: Work<ConnectorsPorts>, seen: Loaded<EffectTable> | null): Promise<void> {
  const { runId, authorization, outbound } = task;
  if (isRejection(outbound)) throw new Error(`a read was let through that nobody prepared: ${outbound.code}`);
  const outcome = await outcomeOf(outbound.prepared, authorization.dataSubject);
  const options = { policy: authorization.policyVersion, ...(seen === null ? {} : { seen }) };
  await work.commit(effectEntity, runId, stepName('read', task, work), (table) => concludeRead(table, authorization, outcome), options);
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
