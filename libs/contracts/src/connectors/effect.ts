import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { DataSubject, Digest, EffectClassName, Id, JsonObject } from '../scalars.js';

/**
 * One line of the run's effect table, which every commit of the entity carries so that its head suffices. `attempted`
 * without an outcome is in doubt, whether `connectors.arming` says armed or not.
 */
export const EffectLine = z.strictObject({
  effectId: Id,
  generation: z.int().positive(),
  state: z.enum(['attempted', 'succeeded', 'failed', 'unknown']),
  digest: Digest,
  idempotencyKey: z.string(),
  nonce: z.string(),
  action: z.string(),
  effectClass: EffectClassName,
});
export type EffectLine = z.output<typeof EffectLine>;

/**
 * A read changes nothing outside, so it is not claimed: its outcome is its first word, and brings the line of the table
 * along. Absent where an `attempted` went before.
 */
const Unclaimed = z.strictObject({ action: z.string(), digest: Digest, nonce: z.string() });

const which = { effectId: Id, generation: z.int().positive() };

/**
 * What was done outside, keyed by the run. `attempted` consumes the authorization; the wire only after `armed`, which is
 * another entity's (`arming.ts`): no commit of this one may land where the table it carries was not read.
 */
export const effect = entityContract('connectors', 'effect', {
  attempted: event(
    1,
    z.strictObject({
      ...which,
      action: z.string(),
      digest: Digest,
      nonce: z.string(),
      effectClass: EffectClassName,
      idempotencyKey: z.string(),
      epoch: z.int().positive(),
      /** Made by the worker for this one claim: two workers with one delivery never write the same body. */
      claimName: Id,
    }),
  ),
  succeeded: event(
    1,
    z.strictObject({
      ...which,
      dataSubject: DataSubject,
      receipt: JsonObject,
      /** How we know: the answer on the wire, or a look at the world afterwards. */
      knownBy: z.enum(['wire', 'reconciled']),
      unclaimed: Unclaimed.optional(),
    }),
    { personal: ['receipt'] },
  ),
  failed: event(1, z.strictObject({ ...which, faultKind: z.string(), code: z.string(), because: z.string(), unclaimed: Unclaimed.optional() })),
  unknown: event(1, z.strictObject({ ...which, because: z.string(), reconcileHint: z.string() })),
  /** An authorization that was not acted on: bad signature, expired, digest mismatch, stale epoch. */
  refused: event(1, z.strictObject({ ...which, code: z.string(), because: z.string() })),
  snapshotted: event(1, z.strictObject({ lines: z.array(EffectLine), refusals: z.array(z.string()) })),
});
export type EffectEvent = EventOf<typeof effect>;
