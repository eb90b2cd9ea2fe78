/** Posts to endpoints that the operator configured. Secrets and the network stay behind it. */
import type { WebhookEndpoint } from '@soloist/contracts';

export type PostOutcome =
  | { readonly kind: 'delivered' }
  /** The receiver says that it is gone for good (410). */
  | { readonly kind: 'gone'; readonly code: string }
  /** `retryAfterMs`: what the receiver asked for, 0 when nothing. */
  | { readonly kind: 'failed'; readonly code: string; readonly retryAfterMs: number };

export interface Webhooks {
  /** Never throws for what the world does. `messageId` is the `webhook-id`: the same for every attempt. */
  post(endpoint: Pick<WebhookEndpoint, 'endpointId' | 'url' | 'reach'>, messageId: string, payload: string): Promise<PostOutcome>;
}
