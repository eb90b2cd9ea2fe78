import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { DataSubject, Id } from '../scalars.js';

/**
 * Whom the operator has let messages go to, keyed by the subject of data that the approved action was about: an address
 * approved in the matter of one person is new in the matter of another. Erasing the person takes the addresses along.
 */
export const contact = entityContract('governance', 'contact', {
  approved: event(1, z.strictObject({ gateId: Id, action: z.string(), recipients: z.array(z.string()), dataSubject: DataSubject }), { personal: ['recipients'] }),
});
export type ContactEvent = EventOf<typeof contact>;
