/**
 * A claim without an outcome: whoever held it is gone, or holds it no longer. Armed or not, it may have been sent,
 * or may still be: whoever settles it here makes the sleeper's last look say no.
 *
 * I1 nothing is ever sent to find out: the world is looked at
 * I2 what is seen there is on record as done; what is not seen stays unknown, for the operator to decide
 */
import type { Authorization, EffectLine } from '@soloist/contracts';
import type { Work } from '@soloist/service';
import { isInDoubt, leaveUnknown, lineOf, succeed } from '../domain/effect.js';
import { effectEntity } from '../entities.js';
import type { OutwardAction, Sighting } from '../ports/connector.port.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { asReceipt } from './receipt.js';

interface Doubt {
  readonly runId: string;
  readonly line: EffectLine;
  readonly dataSubject: string;
}

/** @returns what was seen. @throws Fault transient when nobody could look */
export async function settleDoubt(doubt: Doubt, action: OutwardAction | undefined, work: Work<ConnectorsPorts>): Promise<Sighting['kind']> {
  const { runId, line } = doubt;
  const sighting: Sighting =
    action === undefined ? { kind: 'cannot-tell', hint: `No connector of this release knows ${line.action}.` } : await action.look(line);
  if (sighting.kind === 'found') {
    await recordFound(doubt, sighting.receipt, work);
    return sighting.kind;
  }
  const because =
    sighting.kind === 'not-found'
      ? 'The worker that claimed this effect did not say how it ended, and it is not to be seen outside.'
      : 'The worker that claimed this effect did not say how it ended, and the outside cannot be asked.';
  await work.commit(effectEntity, runId, `leave-unknown:${line.idempotencyKey}`, (table) => leaveUnknown(table, line, because, sighting.hint));
  return sighting.kind;
}

async function recordFound({ runId, line, dataSubject }: Doubt, receipt: Readonly<Record<string, unknown>>, work: Work<ConnectorsPorts>): Promise<void> {
  const { effectId, generation } = line;
  await work.commit(effectEntity, runId, `reconcile:${line.idempotencyKey}`, (table) =>
    succeed(table, { effectId, generation, dataSubject, receipt: asReceipt(receipt), knownBy: 'reconciled' }),
  );
}

/** Whether the claim this worker made is still without an outcome: whoever takes it over settles it first. */
export async function isClaimOpen({ runId, authorization }: { readonly runId: string; readonly authorization: Authorization }, work: Pick<Work<unknown>, 'load'>): Promise<boolean> {
  const line = lineOf((await work.load(effectEntity, runId)).state, authorization);
  return line !== undefined && isInDoubt(line);
}
