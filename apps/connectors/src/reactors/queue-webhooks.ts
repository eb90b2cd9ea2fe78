/**
 * Puts what happened to a gate in line for each endpoint that wants to hear of it.
 *
 * I1 nothing is posted here: a receiver that is slow or down keeps no effect from being performed
 * I2 a timer at the broker is the line: it is armed before the delivery is acked, and armed again it is the same
 */
import type { GateEvent } from '@soloist/contracts';
import { eventIdOf } from '@soloist/eventlog';
import { reactor } from '@soloist/service';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import { configuredEndpoints } from '../webhooks/endpoints.js';
import { messageIdOf, payloadOf, timerOf, TOLD_EVENTS, typeOf, type ToldEvent } from '../webhooks/message.js';

export const queueWebhooks = reactor<ConnectorsPorts, GateEvent, ToldEvent['type']>({
  name: 'queue-webhooks',
  on: TOLD_EVENTS,
  react: async ({ event, commit, index }, work) => {
    // Where nobody posts, as in a replay, nothing is put in line.
    if (work.ports.webhooks === undefined) return;
    const eventId = eventIdOf(commit.id, index);
    for (const { endpointId, types } of await configuredEndpoints(work)) {
      if (!types.includes(typeOf(event))) continue;
      const post = { endpointId, messageId: messageIdOf(endpointId, eventId), attempt: 1, payload: payloadOf(event, commit.address.key, commit.at) };
      await work.log.arm(timerOf(post, commit.at));
    }
  },
});
