import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { VersionHash } from '../scalars.js';

/** Policy v0: what each effect class needs. Default deny: an action that no line names is refused. */
export const PolicyDocument = z.strictObject({
  name: z.string(),
  actions: z.array(
    z.strictObject({ action: z.string(), verdict: z.enum(['allow', 'gate', 'refuse']), because: z.string() }),
  ),
  gateExpiresAfterHours: z.int().min(1).max(24 * 90),
  authorizationExpiresAfterMinutes: z.int().min(1).max(24 * 60),
});
export type PolicyDocument = z.output<typeof PolicyDocument>;

/** The company's policy, key `company`. Every verdict names the version that gave it. */
export const policy = entityContract('governance', 'policy', {
  adopted: event(1, z.strictObject({ version: VersionHash, document: PolicyDocument, origin: z.string() })),
});
export type PolicyEvent = EventOf<typeof policy>;
