/** An installation of before, whose connectors heard of gates only, is brought to the present filters by its next start. */
import { jetstream, jetstreamManager, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrokerFixture } from './broker.fixture.js';

const NAME = 'connectors_reactors';
let broker: BrokerFixture;
let jsm: JetStreamManager;
beforeEach(async () => {
  broker = await BrokerFixture.start();
  jsm = await jetstreamManager(await broker.connect('ops'));
});
afterEach(() => broker.stop());

test('[G22] a consumer with the one filter of an earlier release gets the present ones, and keeps its place', async () => {
  await broker.bootstrap();
  const { filter_subjects: wanted, ...config } = (await jsm.consumers.info('EVENTS-0', NAME)).config;
  expect(wanted).toEqual(['evt.hub.*.governance.gate.*', 'evt.hub.*.governance.mailing.*']);
  await jsm.consumers.delete('EVENTS-0', NAME);
  await jsm.consumers.add('EVENTS-0', { ...config, filter_subject: 'evt.hub.*.governance.gate.*' });
  const governance = await broker.connect('governance');
  for (const key of ['a', 'b']) expect((await governance.request(`evt.hub.00.governance.gate.${key}`, 'fact')).json<{ seq?: number }>().seq).toBeGreaterThan(0);
  const connectors = await broker.connect('connectors');
  const described = { stream_name: 'EVENTS-0', name: NAME, config: { durable_name: NAME, ack_policy: 'explicit' } } as ConsumerInfo;
  const first = await jetstream(connectors, { apiPrefix: 'core.API' }).consumers.getConsumerFromInfo(described).next({ expires: 5_000 });
  expect(await first?.ackAck()).toBe(true);
  expect(await broker.bootstrap()).toMatchObject({ createdConsumers: [], correctedConsumers: [`EVENTS-0/${NAME}`] });
  const { config: after, ack_floor: floor } = await jsm.consumers.info('EVENTS-0', NAME);
  expect([after.filter_subjects, floor.stream_seq]).toEqual([wanted, 1]);
});
