import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, DataSubject, Id, Micros, VersionHash } from '../scalars.js';
import { BudgetLineName } from './budget.js';

/** One place of a budget line that a run would pass: how far it goes, what is committed on it, what the run needs. */
export const ExtensionAsked = z.strictObject({
  line: BudgetLineName,
  period: z.string(),
  name: z.string(),
  limit: z.int().nonnegative(),
  committed: z.int().nonnegative(),
  needed: z.int().nonnegative(),
});
export type ExtensionAsked = z.output<typeof ExtensionAsked>;

/** The run's share of the budget, seen from the run: its money envelope and the versions it is pinned to. */
export const hold = entityContract('governance', 'hold', {
  /** The run would pass lines of the mode `ask`; it waits for the operator. */
  asked: event(1, z.strictObject({ runId: Id, agent: AgentName, lines: z.array(ExtensionAsked).min(1), currency: Currency })),
  /** The operator has let it. What follows is `granted`, or `refused` when a hard line is in the way by then. */
  extended: event(1, z.strictObject({ runId: Id, lines: z.array(ExtensionAsked).min(1), by: z.string(), commandId: z.string() })),
  granted: event(
    1,
    z.strictObject({
      runId: Id,
      agent: AgentName,
      definitionVersion: VersionHash,
      policyVersion: VersionHash,
      envelopeMicros: Micros,
      currency: Currency,
      /** What the run is booked under besides its agent; holds of before have none. */
      feature: AgentName.nullable().optional(),
      workflow: AgentName.nullable().optional(),
      client: DataSubject.nullable().optional(),
    }),
  ),
  refused: event(1, z.strictObject({ runId: Id, code: z.string(), because: z.string() })),
  released: event(1, z.strictObject({ runId: Id, spentMicros: Micros, releasedMicros: Micros })),
});
export type HoldEvent = EventOf<typeof hold>;
