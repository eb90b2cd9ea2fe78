import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, DataSubject, Id, Micros, VersionHash } from '../scalars.js';

/** Admission and life of a run, keyed by the run (run id = hash of the request id). */
export const run = entityContract('orchestrator', 'run', {
  requested: event(1, z.strictObject({ runId: Id, inputId: Id, agent: AgentName, dataSubject: DataSubject })),
  admitted: event(
    1,
    z.strictObject({
      runId: Id,
      inputId: Id,
      agent: AgentName,
      definitionVersion: VersionHash,
      policyVersion: VersionHash,
      envelopeMicros: Micros,
      currency: Currency,
      dataSubject: DataSubject,
    }),
  ),
  deferred: event(1, z.strictObject({ runId: Id, code: z.string(), because: z.string() })),
  /** Somebody wants it to end, in whatever state it is. Once per command, so that asking again tries again. */
  cancelled: event(1, z.strictObject({ runId: Id, commandId: z.string(), by: z.string(), because: z.string() })),
  closed: event(1, z.strictObject({ runId: Id, outcome: z.enum(['done', 'refused', 'failed', 'cancelled']), because: z.string() })),
});
export type RunEvent = EventOf<typeof run>;
