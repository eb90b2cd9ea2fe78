/** Webhooks, as they come in and go out. The secret is nowhere among them: it lies in the vault of the connectors. */
import { WEBHOOK_REACHES, WEBHOOK_TYPES } from '@soloist/contracts';
import { z } from 'zod';

export const WebhookId = z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a webhook, 32 hexadecimal digits');

/** An address is on record and shown, so nothing secret may stand in it. */
export const NewWebhook = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'must be an https address' }).max(2_000),
    types: z.array(z.enum(WEBHOOK_TYPES)).min(1).max(WEBHOOK_TYPES.length).default([...WEBHOOK_TYPES]),
    reach: z.enum(WEBHOOK_REACHES).default('public'),
  })
  .superRefine(({ url: text, reach }, context) => {
    if (!URL.canParse(text)) return;
    const url = new URL(text);
    const refuse = (message: string): void => void context.addIssue({ code: 'custom', path: ['url'], message });
    if (url.username !== '' || url.password !== '') refuse('must hold no user and password: addresses are on record');
    if (url.hash !== '') refuse('must hold no part after #');
    if (url.protocol === 'http:' && reach !== 'loopback') refuse('must begin with https; http is for this machine only, with reach loopback');
  })
  .meta({ id: 'NewWebhook' });
export type NewWebhook = z.output<typeof NewWebhook>;

/** `disabled`: the receiver said that it is gone. `lastCode`: why the latest post failed, null when it did not. */
export const WebhookCard = z
  .strictObject({
    endpointId: z.string(),
    url: z.string(),
    types: z.array(z.enum(WEBHOOK_TYPES)),
    reach: z.enum(WEBHOOK_REACHES),
    state: z.enum(['good', 'failing', 'disabled']),
    failuresInARow: z.int().nonnegative(),
    lastCode: z.string().nullable(),
  })
  .meta({ id: 'Webhook' });
export type WebhookCard = z.output<typeof WebhookCard>;
export const WebhookList = z.strictObject({ webhooks: z.array(WebhookCard) }).meta({ id: 'WebhookList' });

/** `isDelivered` null: not on record within ten seconds. */
export const WebhookTest = z.strictObject({ endpointId: z.string(), isDelivered: z.boolean().nullable(), code: z.string().nullable() }).meta({ id: 'WebhookTest' });
export type WebhookTest = z.output<typeof WebhookTest>;
