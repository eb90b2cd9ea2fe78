/** Webhooks over the API. The connectors are played by the test: what becomes of posts is theirs to say. */
import { createMemoryLog } from '@soloist/eventlog';
import { apiShapes } from '@soloist/governance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { say } from './company.fixture.js';
import { startReplica, type Replica } from './event-stream.fixture.js';

let company: Replica;
beforeAll(async () => {
  company = await startReplica(createMemoryLog({ streams: 8 }));
});
afterAll(() => company.stop());

const post = (path: string, body: unknown, token?: string): Promise<Answer> => call(company, 'POST', path, { body, ...(token === undefined ? {} : { token }) });
const list = async (): Promise<readonly any[]> => apiShapes.WebhookList.parse((await call(company, 'GET', '/v1/webhooks')).body).webhooks;
const url = 'https://hooks.example/soloist';

async function listedOnLog(): Promise<any> {
  const head = await company.log.log.head({ context: 'governance', entity: 'webhook', key: 'company' });
  return head?.events.at(-1);
}

test('[C14] are added with what they hear of, listed, and removed, each a fact with who did it and the whole list', async () => {
  const added = await post('/v1/webhooks', { url });
  expect(added).toMatchObject({ status: 200, body: { url, reach: 'public', state: 'good', failuresInARow: 0, lastCode: null, types: ['gate.opened', 'gate.reminded', 'gate.escalated', 'gate.decided', 'gate.expired'] } });
  const second = await post('/v1/webhooks', { url: 'http://127.0.0.1:9/hook', reach: 'loopback', types: ['gate.opened'] });
  expect(second.status).toBe(200);
  expect((await list()).map(({ endpointId }) => endpointId)).toEqual([added.body.endpointId, second.body.endpointId]);
  expect(await listedOnLog()).toMatchObject({ type: 'governance.webhook.snapshotted', data: { endpoints: [{ url }, { reach: 'loopback' }] } });
  for (const { body } of [added, second]) expect((await post(`/v1/webhooks/${body.endpointId}/remove`, {})).status).toBe(200);
  expect(await list()).toEqual([]);
  const history = await company.log.log.history({ context: 'governance', entity: 'webhook', key: 'company' });
  expect(history.map(({ actor, events }) => [actor, events[0]?.type])).toEqual([...Array(2).fill(['operator', 'governance.webhook.added']), ...Array(2).fill(['operator', 'governance.webhook.removed'])]);
});

test('that are not right are refused, with the field named, and nothing is on record', async () => {
  const before = (await listedOnLog())?.data;
  const bodies = [{ url: 'http://hooks.example/' }, { url: 'https://user:pass@hooks.example/' }, { url: 'https://hooks.example/#part' }, { url: 'ftp://hooks.example/' }, { url: 'nonsense' }, { url, types: [] }, { url, types: ['run.closed'] }, { url, reach: 'everywhere' }, { url, secret: 'mine' }, {}];
  for (const body of bodies) expect(await post('/v1/webhooks', body), JSON.stringify(body)).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
  expect((await post('/v1/webhooks', { url: 'https://user:pass@hooks.example/' })).body.error.message).not.toContain('pass@');
  for (const path of ['remove', 'test']) expect(await post(`/v1/webhooks/${'0'.repeat(32)}/${path}`, {})).toMatchObject({ status: 404, body: { error: { code: 'webhook.unknown' } } });
  expect((await listedOnLog())?.data).toEqual(before);
});

test('are the operator\'s to add and remove: a token with every scope reads and tests them only', async () => {
  const { token } = (await post('/v1/tokens', { name: 'helpful', scopes: ['read', 'decide', 'operate', 'admin'] })).body;
  expect(await post('/v1/webhooks', { url }, token)).toMatchObject({ status: 403, body: { error: { code: 'token.not-owner' } } });
  expect((await post(`/v1/webhooks/${'0'.repeat(32)}/remove`, {}, token)).status).toBe(403);
  expect((await post(`/v1/webhooks/${'0'.repeat(32)}/test`, {}, token)).status).toBe(404);
  expect((await call(company, 'GET', '/v1/webhooks', { token })).status).toBe(200);
});

test('show how posts go, as the connectors recorded it, and have a bound', async () => {
  const { endpointId } = (await post('/v1/webhooks', { url })).body;
  const state = { state: 'failing', inARow: 7, lastCode: 'webhook.broken', settled: [], tests: [] };
  await say(company.log, 'connectors', 'posting', endpointId, { type: 'connectors.posting.snapshotted', data: state });
  expect(await list()).toMatchObject([{ endpointId, state: 'failing', failuresInARow: 7, lastCode: 'webhook.broken' }]);
  for (let number = 0; number < 19; number += 1) expect((await post('/v1/webhooks', { url })).status).toBe(200);
  expect(await post('/v1/webhooks', { url })).toMatchObject({ status: 409, body: { error: { code: 'webhook.too-many' } } });
  expect(await list()).toHaveLength(20);
});

test('are tested by a wish to the connectors, and the answer is what those recorded', async () => {
  const [{ endpointId }] = (await list()) as [{ endpointId: string }];
  const asked = post(`/v1/webhooks/${endpointId}/test`, {});
  const wish = await new Promise<any>((resolve) => {
    void company.log.connect('connectors').deliveries.consume('connectors', 'commands', (delivery) => resolve(delivery.command()));
  });
  expect(wish).toMatchObject({ actor: 'operator', body: { type: 'connectors.posting.test', endpointId, by: 'operator' } });
  await say(company.log, 'connectors', 'posting', endpointId, { type: 'connectors.posting.snapshotted', data: { state: 'good', inARow: 0, lastCode: null, settled: [], tests: [{ commandId: wish.id, code: 'webhook.late' }] } });
  expect(await asked).toMatchObject({ status: 200, body: { endpointId, isDelivered: false, code: 'webhook.late' } });
});
