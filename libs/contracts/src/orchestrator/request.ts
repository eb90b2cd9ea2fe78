import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, DataSubject, Id } from '../scalars.js';

export const Route = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), agent: AgentName }),
  z.strictObject({ kind: z.literal('inbox') }),
  z.strictObject({ kind: z.literal('archive') }),
]);
export type Route = z.output<typeof Route>;

/** What came in, as work to be placed: to a run, the archive, or the operator's inbox. Keyed by the input. */
export const request = entityContract('orchestrator', 'request', {
  received: event(1, z.strictObject({ inputId: Id, source: z.string(), dataSubject: DataSubject })),
  routed: event(
    1,
    z.strictObject({ inputId: Id, route: Route, rule: z.string(), reasons: z.array(z.string()), dataSubject: DataSubject }),
  ),
});
export type RequestEvent = EventOf<typeof request>;
