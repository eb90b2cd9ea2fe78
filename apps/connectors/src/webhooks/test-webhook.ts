/** The operator wants to know whether an endpoint takes what is posted: one post, once, and its outcome on record. */
import { TestWebhook } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { noteTest } from '../domain/posting.js';
import { postingEntity } from '../entities.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { configuredEndpoints } from './endpoints.js';
import { messageIdOf } from './message.js';

export const testWebhook: CommandReactor<ConnectorsPorts> = {
  name: 'test-webhook',
  on: 'connectors.posting.test',
  react: async (command, work) => {
    const wish = TestWebhook.safeParse(command.body);
    if (!wish.success || wish.data.endpointId !== command.address.key) throw new Fault('invalid', 'command.invalid', `command ${command.id} does not say which endpoint to test`);
    const { endpointId } = wish.data;
    const endpoint = (await configuredEndpoints(work)).find((one) => one.endpointId === endpointId);
    if (endpoint === undefined || work.ports.webhooks === undefined) throw new Fault('invalid', 'webhook.unknown', `There is no endpoint ${endpointId}.`);
    const outcome = await work.ports.webhooks.post(endpoint, messageIdOf(endpointId, command.id), JSON.stringify({ type: 'webhook.tested', data: { endpointId } }));
    await work.commit(postingEntity, endpointId, 'test', (state) => noteTest(state, endpointId, command.id, outcome.kind === 'delivered' ? null : outcome.code), { actor: wish.data.by });
  },
};
