import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, Id, Micros } from '../scalars.js';

const Reservation = z.strictObject({ runId: Id, agent: AgentName, day: z.iso.date(), micros: Micros });

/** The company's ledger, one entity (key `company`): one commit reserves all lines of a run's envelope or none. */
export const budget = entityContract('governance', 'budget', {
  limited: event(1, z.strictObject({ line: z.string(), limitMicros: Micros, currency: Currency })),
  reserved: event(1, z.strictObject({ ...Reservation.shape, currency: Currency })),
  settled: event(1, z.strictObject({ runId: Id, day: z.iso.date(), spentMicros: Micros, releasedMicros: Micros })),
  snapshotted: event(
    1,
    z.strictObject({
      currency: Currency,
      limits: z.record(z.string(), Micros),
      open: z.array(Reservation),
      spentByDay: z.record(z.string(), Micros),
      spentByAgentDay: z.record(z.string(), Micros),
      settledRuns: z.array(Id),
    }),
  ),
});
export type BudgetEvent = EventOf<typeof budget>;
