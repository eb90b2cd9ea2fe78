import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { Id } from '../scalars.js';

/**
 * Permission to touch the wire, keyed by the run. It is given where the company stop stood at `haltSequence` and expects
 * nothing of its own subject, so it may land late, behind anything. Therefore it is an entity of its own that carries
 * no state: a late one changes nothing, and what became of the effect is told by the effect table alone.
 */
export const arming = entityContract('connectors', 'arming', {
  armed: event(1, z.strictObject({ effectId: Id, generation: z.int().positive(), haltSequence: z.int().nonnegative() })),
});
export type ArmingEvent = EventOf<typeof arming>;
