/**
 * Webhooks, as the operator configures them and as it goes with them.
 *
 * I1 what is configured here is the operator's standing decision: where notices may be posted, and nothing else
 * I2 governance posts nothing and knows no secret; a test is a wish to the connectors, answered from the record
 */
import { randomUUID } from 'node:crypto';
import { WEBHOOKS_KEY, type TestWebhook, type WebhookEndpoint } from '@soloist/contracts';
import { derivedId, type EventLog } from '@soloist/eventlog';
import { Committer, systemClock, type Outcome } from '@soloist/service';
import { addWebhook, removeWebhook, type Webhooks } from '../domain/webhook.js';
import { webhooks } from '../entities.js';
import { ApiError } from './api-error.js';
import { standingOf, testOutcome } from './posting-tests.js';
import type { NewWebhook, WebhookCard, WebhookTest } from './webhook-schemas.js';

export class WebhookDesk {
  private readonly committer: Committer;

  constructor(private readonly log: EventLog) {
    this.committer = new Committer(log, 'governance', systemClock);
  }

  async list(): Promise<readonly WebhookCard[]> {
    const { state } = await this.committer.load(webhooks, WEBHOOKS_KEY);
    return Promise.all(state.endpoints.map((endpoint) => this.card(endpoint)));
  }

  /** @throws ApiError 409 */
  async add(wish: NewWebhook, by: string): Promise<WebhookCard> {
    const seed = randomUUID();
    const endpoint = { ...wish, endpointId: derivedId('webhook-endpoint', seed) };
    this.refuse(await this.committer.commit(originOf(seed), webhooks, WEBHOOKS_KEY, 'add', (state) => addWebhook(state, endpoint, by), { actor: by }));
    return this.card(endpoint);
  }

  /** @throws ApiError 404 */
  async remove(endpointId: string, by: string): Promise<WebhookCard> {
    const endpoint = await this.endpoint(endpointId);
    this.refuse(await this.committer.commit(originOf(randomUUID()), webhooks, WEBHOOKS_KEY, 'remove', (state) => removeWebhook(state, endpointId, by), { actor: by }));
    return this.card(endpoint);
  }

  /** @throws ApiError 404 */
  async test(endpointId: string, by: string): Promise<WebhookTest> {
    await this.endpoint(endpointId);
    const commandId = randomUUID();
    const body: TestWebhook = { type: 'connectors.posting.test', endpointId, by };
    await this.log.command({ context: 'connectors', entity: 'posting', key: endpointId }, { id: commandId, actor: by, body });
    return { endpointId, ...(await testOutcome(this.log, endpointId, commandId)) };
  }

  private async endpoint(endpointId: string): Promise<WebhookEndpoint> {
    const { state } = await this.committer.load(webhooks, WEBHOOKS_KEY);
    const found = state.endpoints.find((endpoint) => endpoint.endpointId === endpointId);
    if (found === undefined) throw unknownWebhook(endpointId);
    return found;
  }

  private async card({ endpointId, url, types, reach }: WebhookEndpoint): Promise<WebhookCard> {
    const standing = await standingOf(this.log, endpointId);
    return { endpointId, url, types, reach, state: standing?.state ?? 'good', failuresInARow: standing?.inARow ?? 0, lastCode: standing?.lastCode ?? null };
  }

  private refuse(outcome: Outcome<Webhooks>): void {
    if (outcome.kind !== 'rejected') return;
    const { code, because } = outcome.rejection;
    throw code === 'webhook.unknown' ? new ApiError(404, code, because, 'List them: GET /v1/webhooks.') : new ApiError(409, code, because, 'List them: GET /v1/webhooks.');
  }
}

function unknownWebhook(endpointId: string): ApiError {
  return new ApiError(404, 'webhook.unknown', `There is no webhook ${endpointId}.`, 'List them: GET /v1/webhooks.');
}

function originOf(seed: string): { cause: null; seed: string; decider: string; traceparent: null } {
  return { cause: null, seed, decider: 'webhook-desk', traceparent: null };
}
