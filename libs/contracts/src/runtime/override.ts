import { z } from 'zod';
import { event } from '../event-contract.js';
import { DataSubject } from '../scalars.js';

/** What the operator does to a run under way; on the loop's own subject. */
export const overrideEvents = {
  /** The operator holds the run. On its own subject, so that no claim decided after it misses it. */
  paused: event(1, z.strictObject({ commandId: z.string(), by: z.string(), because: z.string(), epoch: z.int().positive() })),
  /** Ends every commit written while the run is paused: what would follow waits. `pausedBy` is the command that paused it. */
  'held-back': event(1, z.strictObject({ pausedBy: z.string(), epoch: z.int().positive() })),
  resumed: event(1, z.strictObject({ commandId: z.string(), by: z.string(), because: z.string(), epoch: z.int().positive() })),
  /** The operator has done the step that the model would have done. */
  'operator-answered': event(
    1,
    z.strictObject({ commandId: z.string(), by: z.string(), text: z.string(), dataSubject: DataSubject }),
    { personal: ['text'] },
  ),
};
