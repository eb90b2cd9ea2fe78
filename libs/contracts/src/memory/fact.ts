import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { DataSubject, Id, TrustLabel } from '../scalars.js';

/** What is known, with where it came from. Keyed by the hash of source and span. */
export const fact = entityContract('memory', 'fact', {
  asserted: event(
    1,
    z.strictObject({
      factId: Id,
      kind: z.string(),
      text: z.string(),
      inputId: Id,
      source: z.strictObject({ commit: z.string(), index: z.int(), start: z.int(), end: z.int() }),
      trust: TrustLabel,
      dataSubject: DataSubject,
    }),
    { personal: ['text'] },
  ),
});
export type FactEvent = EventOf<typeof fact>;
