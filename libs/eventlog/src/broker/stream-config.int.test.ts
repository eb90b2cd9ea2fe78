import { DiscardPolicy, jetstreamManager, PersistMode, StoreCompression, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { streamSettings } from '@soloist/contracts';
import { BrokerFixture } from './broker.fixture.js';
import { brokerManifest } from './manifest.js';
import { consumerConfig, differences, streamConfig } from './stream-config.js';

const EVENTS = streamConfig(streamSettings(1)[0] as ReturnType<typeof streamSettings>[number]);

/** Another value for every option: what somebody could change, and options that we never set. */
const ALTERED: Partial<Record<keyof StreamConfig, unknown>> = {
  subjects: ['evt.hub.00.*.*.*'],
  retention: 'interest',
  storage: 'memory',
  discard: 'old',
  discard_new_per_subject: true,
  max_consumers: 3,
  max_msgs: 1,
  max_msgs_per_subject: 1,
  max_bytes: 1_000_000,
  max_msg_size: 1_000,
  max_age: nanos(3_600_000),
  duplicate_window: nanos(120_000),
  num_replicas: 3,
  compression: StoreCompression.S2,
  deny_delete: false,
  deny_purge: true,
  allow_rollup_hdrs: true,
  allow_direct: false,
  mirror_direct: true,
  allow_msg_ttl: true,
  allow_msg_schedules: true,
  allow_atomic: true,
  allow_batched: true,
  allow_msg_counter: true,
  sealed: true,
  no_ack: true,
  persist_mode: PersistMode.Async,
  republish: { src: '>', dest: 'leak.>' },
  subject_transform: { src: 'evt.>', dest: 'gone.>' },
  sources: [{ name: 'ELSEWHERE' }],
  mirror: { name: 'ELSEWHERE' },
  placement: { cluster: 'other', tags: [] },
  consumer_limits: { max_ack_pending: 1 },
  subject_delete_marker_ttl: nanos(1_000),
};

describe('stream options read back', () => {
  test.each(Object.entries(ALTERED))('%s is compared', (option, value) => {
    expect(differences(EVENTS, { ...EVENTS, [option]: value })).toEqual([{ option, wanted: (EVENTS as Record<string, unknown>)[option], found: value }]);
  });

  test('every option we set has its own case above', () => {
    for (const option of Object.keys(EVENTS)) if (option !== 'name') expect(Object.keys(ALTERED)).toContain(option);
  });

  test('what the broker leaves out because it is off, and the order of subjects, is no difference', () => {
    const { deny_purge: _off, mirror_direct: _too, ...found } = EVENTS;
    expect(differences(EVENTS, { ...found, subjects: [...(EVENTS.subjects ?? [])].reverse(), metadata: { '_nats.ver': '2.15.1' } })).toEqual([]);
  });
});

describe('a broker whose settings were changed', () => {
  let broker: BrokerFixture;
  beforeAll(async () => {
    broker = await BrokerFixture.start();
    await broker.bootstrap();
  });
  afterAll(() => broker.stop());

  const changes: readonly Partial<StreamConfig>[] = [
    { max_msgs: 5 },
    { max_msgs_per_subject: 1 },
    { max_bytes: 1_000_000 },
    { max_msg_size: 1_000 },
    { max_age: nanos(3_600_000) },
    { discard: DiscardPolicy.Old },
    { duplicate_window: nanos(60_000) },
    { allow_rollup_hdrs: true },
    { allow_direct: false },
    { allow_atomic: true },
    { subjects: ['evt.hub.00.*.*.*'] },
    { republish: { src: '>', dest: 'leak.>' } },
    { no_ack: true },
    { compression: StoreCompression.S2 },
    { consumer_limits: { max_ack_pending: 2_000 } },
  ];

  test.each(changes.map((change) => [Object.keys(change)[0] as string, change] as const))('%s of EVENTS-0 changed: refused by name, accepted when set back', async (option, change) => {
    const jsm = await jetstreamManager(await broker.connect('ops'));
    await jsm.streams.update('EVENTS-0', change);
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'stream-setting-changed', message: expect.stringContaining(`Stream EVENTS-0 has ${option} = `) });
    await jsm.streams.update('EVENTS-0', { ...EVENTS, republish: undefined, no_ack: false, consumer_limits: {} } as unknown as Partial<StreamConfig>);
    expect((await broker.bootstrap()).createdStreams).toEqual([]);
  });

  // These cannot be taken back, so each has a stream of its own, checked from the last one on.
  test.each([
    ['KV_WORKING', 'deny_purge', { deny_purge: true }],
    ['BLOBS', 'allow_msg_ttl', { allow_msg_ttl: true }],
    ['ADVISORIES', 'deny_delete', { deny_delete: true }],
    // Sealing denies deletion as well, which comes first by name.
    ['DEAD', 'deny_delete', { sealed: true }],
  ] as const)('%s with %s, which cannot be unset, is refused', async (stream, option, change) => {
    const jsm = await jetstreamManager(await broker.connect('ops'));
    await jsm.streams.update(stream, change as Partial<StreamConfig>);
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'stream-setting-changed', message: expect.stringContaining(`Stream ${stream} has ${option} = true`) });
  });
});

describe('consumer options read back', () => {
  const reactors = consumerConfig(brokerManifest(1).consumers[0] as ReturnType<typeof brokerManifest>['consumers'][number]);
  test.each(Object.entries({
    deliver_policy: 'new', ack_policy: 'none', replay_policy: 'original', max_waiting: 1, max_deliver: 3, headers_only: true, ack_wait: 1, max_ack_pending: 1, num_replicas: 3,
    filter_subject: 'evt.>', deliver_subject: 'evt.hub.00.governance.gate.x', pause_until: '2030-01-01T00:00:00Z', inactive_threshold: 1, backoff: [1], max_batch: 1, rate_limit_bps: 1, mem_storage: true, priority_groups: ['a'],
  }))('%s is compared', (option, value) => {
    expect(differences(reactors, { ...reactors, [option]: value }).map((difference) => difference.option)).toEqual([option]);
  });
});
