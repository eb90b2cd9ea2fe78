import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, Id, Micros, VersionHash } from '../scalars.js';

/** The run's share of the budget, seen from the run: its money envelope and the versions it is pinned to. */
export const hold = entityContract('governance', 'hold', {
  granted: event(
    1,
    z.strictObject({
      runId: Id,
      agent: AgentName,
      definitionVersion: VersionHash,
      policyVersion: VersionHash,
      envelopeMicros: Micros,
      currency: Currency,
    }),
  ),
  refused: event(1, z.strictObject({ runId: Id, code: z.string(), because: z.string() })),
  released: event(1, z.strictObject({ runId: Id, spentMicros: Micros, releasedMicros: Micros })),
});
export type HoldEvent = EventOf<typeof hold>;
