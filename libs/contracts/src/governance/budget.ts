import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, Id, Micros, VersionHash } from '../scalars.js';

/** Everything the hold will say, fixed when the money is: whatever is published in between, it is granted like this. */
const Reservation = z.strictObject({ runId: Id, agent: AgentName, definitionVersion: VersionHash, policyVersion: VersionHash, day: z.iso.date(), micros: Micros });

/** Agent, version of its definition, version of the policy: once for all the reservations that share them. */
const Pin = z.tuple([AgentName, VersionHash, VersionHash]);

/** The company's ledger, one entity (key `company`): one commit reserves all lines of a run's envelope or none. */
export const budget = entityContract('governance', 'budget', {
  limited: event(1, z.strictObject({ line: z.string(), limitMicros: Micros, currency: Currency })),
  reserved: event(1, z.strictObject({ ...Reservation.shape, currency: Currency })),
  settled: event(1, z.strictObject({ runId: Id, day: z.iso.date(), spentMicros: Micros, releasedMicros: Micros })),
  /** Stands before `settled` of a run that spent more than its envelope: the bill is booked in full, and somebody has to look. */
  overspent: event(1, z.strictObject({ runId: Id, day: z.iso.date(), envelopeMicros: Micros, spentMicros: Micros })),
  snapshotted: event(
    1,
    z.strictObject({
      currency: Currency,
      limits: z.record(z.string(), Micros),
      pins: z.array(Pin),
      /** `pin` is a place in `pins`. */
      open: z.array(z.strictObject({ runId: Id, pin: z.int().nonnegative(), day: z.iso.date(), micros: Micros })),
      /** In the order in which the days were opened, which a clock that jumps does not change. */
      books: z.array(z.strictObject({ day: z.iso.date(), spentMicros: Micros })),
      /** Keyed by `<day>/<agent>`, of the books opened last. */
      spentByAgentDay: z.record(z.string(), Micros),
      /** Days without a book that take no reservation any more, as spans of calendar days. */
      closed: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date() })),
      settledRuns: z.array(Id),
    }),
  ),
});
export type BudgetEvent = EventOf<typeof budget>;
