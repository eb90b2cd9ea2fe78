import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { Id } from '../scalars.js';

/**
 * Program runs that are open, as the sweeps of the runtime's workers found them: where a worker that has just started
 * looks for runs that no delivery will move any more. Each commit holds the whole list, so that its head is enough.
 */
export const roster = entityContract('runtime', 'roster', {
  listed: event(1, z.strictObject({ open: z.array(Id) })),
});
export type RosterEvent = EventOf<typeof roster>;
