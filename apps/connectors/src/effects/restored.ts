/**
 * The wire, after a restore: what was done outside after the backup is not on this log, and an approval given again would
 * do it again. So the world is looked at first, as after a crash.
 *
 * I1 what is found is on record as done, and nothing is sent
 * I2 where nobody can look, the first try stays unknown and the operator decides; what he lets out then is sent
 */
import { Fault, isFault } from '@soloist/kernel';
import { idempotencyKeyOf, type EffectId } from '../domain/effect.js';
import type { JsonRecord, OutwardAction, Prepared, Sighting } from '../ports/connector.port.js';

export interface Done {
  readonly receipt: JsonRecord;
  readonly knownBy: 'wire' | 'reconciled';
}

/** To be called by whoever has armed the effect. @throws Fault as the wire does · unknown-outcome when nobody can tell */
export async function sendOrFind(which: EffectId, outbound: { action: OutwardAction; prepared: Prepared }, incarnation: number, mayProceed: () => Promise<boolean>): Promise<Done> {
  if (incarnation > 1) {
    const sighting = await look(outbound.action, idempotencyKeyOf(which));
    if (sighting.kind === 'found') return { receipt: sighting.receipt, knownBy: 'reconciled' };
    if (sighting.kind === 'cannot-tell' && which.generation === 1) throw unknown(sighting.hint);
  }
  return { receipt: await outbound.prepared.send(mayProceed), knownBy: 'wire' };
}

/** Not to have seen it is no certainty either. */
async function look(action: OutwardAction, idempotencyKey: string): Promise<Sighting> {
  try {
    return await action.look({ idempotencyKey });
  } catch (error) {
    if (!isFault(error)) throw error;
    throw unknown(error.message);
  }
}

function unknown(hint: string): Fault {
  return new Fault('unknown-outcome', 'effect.restored', `The installation was brought back from a backup, and the outside cannot be asked whether this was done before. ${hint}`.trim());
}
