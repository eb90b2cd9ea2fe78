import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { Id } from '../scalars.js';

/** What a webhook can be asked to tell of: the notices about gates. */
export const WEBHOOK_TYPES = ['gate.opened', 'gate.reminded', 'gate.escalated', 'gate.decided', 'gate.expired'] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/**
 * Where an endpoint may lie. `public`: https to public addresses · `private`: https to those of private networks too ·
 * `loopback`: http or https to this machine and nowhere else.
 */
export const WEBHOOK_REACHES = ['public', 'private', 'loopback'] as const;

/** The secret of an endpoint is never here: it lies in the vault of the connectors. */
export const WebhookEndpoint = z.strictObject({
  endpointId: Id,
  url: z.string().max(2_000),
  types: z.array(z.enum(WEBHOOK_TYPES)).min(1),
  reach: z.enum(WEBHOOK_REACHES),
});
export type WebhookEndpoint = z.output<typeof WebhookEndpoint>;

/** All endpoints of the company are one entity. */
export const WEBHOOKS_KEY = 'company';

/** Where the operator wants notices of gates posted. Every commit carries the whole list, so that its head suffices. */
export const webhook = entityContract('governance', 'webhook', {
  added: event(1, z.strictObject({ ...WebhookEndpoint.shape, by: z.string() })),
  removed: event(1, z.strictObject({ endpointId: Id, by: z.string() })),
  snapshotted: event(1, z.strictObject({ endpoints: z.array(WebhookEndpoint) })),
});
export type WebhookEvent = EventOf<typeof webhook>;
