/**
 * Where the operator wants notices of gates posted.
 *
 * I1 an id is given once; whatever is posted to an endpoint is posted where its one entry says
 * I2 the list has a bound: every commit carries it whole
 */
import { reject, type Rejection } from '@soloist/kernel';
import type { WebhookEndpoint, WebhookEvent } from '@soloist/contracts';

export interface Webhooks {
  readonly endpoints: readonly WebhookEndpoint[];
}

export const noWebhooks: Webhooks = { endpoints: [] };

export const MOST_WEBHOOKS = 20;

export function evolveWebhooks(state: Webhooks, event: WebhookEvent): Webhooks {
  switch (event.type) {
    case 'governance.webhook.added': {
      const { by: _, ...endpoint } = event.data;
      return { endpoints: [...state.endpoints, endpoint] };
    }
    case 'governance.webhook.removed':
      return { endpoints: state.endpoints.filter(({ endpointId }) => endpointId !== event.data.endpointId) };
    case 'governance.webhook.snapshotted':
      return { endpoints: event.data.endpoints };
  }
}

export function listedWebhooks({ endpoints }: Webhooks): WebhookEvent {
  return { type: 'governance.webhook.snapshotted', data: { endpoints: [...endpoints] } };
}

export function addWebhook(state: Webhooks, endpoint: WebhookEndpoint, by: string): readonly WebhookEvent[] | Rejection {
  if (state.endpoints.some(({ endpointId }) => endpointId === endpoint.endpointId)) return [];
  if (state.endpoints.length >= MOST_WEBHOOKS) return reject('webhook.too-many', `There are ${MOST_WEBHOOKS} webhooks already. Remove one first.`);
  return [{ type: 'governance.webhook.added', data: { ...endpoint, by } }];
}

export function removeWebhook(state: Webhooks, endpointId: string, by: string): readonly WebhookEvent[] | Rejection {
  if (!state.endpoints.some((endpoint) => endpoint.endpointId === endpointId)) return reject('webhook.unknown', `There is no webhook ${endpointId}.`);
  return [{ type: 'governance.webhook.removed', data: { endpointId, by } }];
}
