/** The endpoints that the operator configured, as governance's latest word lists them. */
import { WEBHOOKS_KEY, type WebhookEndpoint, type WebhookEvent } from '@soloist/contracts';
import type { Work } from '@soloist/service';

export async function configuredEndpoints<Ports>(work: Pick<Work<Ports>, 'head'>): Promise<readonly WebhookEndpoint[]> {
  const head = await work.head({ context: 'governance', entity: 'webhook', key: WEBHOOKS_KEY });
  const list = (head?.events as readonly WebhookEvent[] | undefined)?.findLast((event) => event.type === 'governance.webhook.snapshotted');
  return list?.type === 'governance.webhook.snapshotted' ? list.data.endpoints : [];
}
