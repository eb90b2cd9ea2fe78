import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventStreamName, streamSettings, subjectOf } from '@soloist/contracts';
import { BrokerFixture } from './broker.fixture.js';
import { bootstrap } from './bootstrap.js';
import { keepManifestFile, readKeepManifest } from './keep-manifest.js';
import { brokerManifest } from './manifest.js';
import { healthOf } from './network.js';

const STREAMS = streamSettings(1).map(({ name }) => name);
const CONSUMERS = brokerManifest(1).consumers.map(({ stream, name }) => `${stream}/${name}`);

let broker: BrokerFixture;
let jsm: JetStreamManager;
beforeEach(async () => {
  broker = await BrokerFixture.start();
  jsm = await jetstreamManager(await broker.connect('ops'));
});
afterEach(() => broker.stop());

async function streamNames(): Promise<readonly string[]> {
  return (await jsm.streams.list().next()).map(({ config }) => config.name).sort();
}

async function appendFacts(count: number): Promise<void> {
  const runtime = await broker.connect('runtime');
  for (let index = 0; index < count; index += 1) {
    const answer = await runtime.request(subjectOf('evt', { context: 'runtime', entity: 'loop', key: `run-${index}` }), `fact ${index}`);
    expect(answer.json<{ seq?: number }>().seq).toBeGreaterThan(0);
  }
}

async function deleteStream(name: string): Promise<void> {
  await jsm.streams.delete(name);
  // The folder goes a moment after the answer; until then the broker calls itself unhealthy.
  await expect.poll(async () => (await healthOf(broker.server.healthUrl)).isHealthy, { timeout: 5_000 }).toBe(true);
}

async function keepBytes(): Promise<string> {
  return readFile(keepManifestFile(broker.keepFolder), 'utf8');
}

function storeFolder(): string {
  return join(broker.folder, 'broker', 'js');
}

describe('bootstrap [G22]', () => {
  test('I3: the first install makes every stream and consumer, and the keep remembers', async () => {
    const report = await broker.bootstrap();
    expect(report).toMatchObject({ isFirstInstall: true, createdStreams: STREAMS, createdConsumers: CONSUMERS, unknownConsumers: [] });
    expect(await streamNames()).toEqual([...STREAMS].sort());
    expect(await readKeepManifest(broker.keepFolder)).toMatchObject({ state: 'installed', streamCount: 1, streams: STREAMS });
  });

  test('a restart creates and corrects nothing, and loses nothing', async () => {
    await broker.bootstrap();
    await appendFacts(5);
    await broker.recordHeads();
    await broker.restart();
    jsm = await jetstreamManager(await broker.connect('ops'));
    expect(await broker.bootstrap()).toMatchObject({ isFirstInstall: false, createdStreams: [], createdConsumers: [], correctedConsumers: [] });
    expect((await jsm.streams.info(eventStreamName(0))).state.messages).toBe(5);
  });

  test('an interrupted first install goes on where it was', async () => {
    await broker.bootstrap();
    await deleteStream('BLOBS');
    const keep = JSON.parse(await keepBytes()) as object;
    await writeFile(keepManifestFile(broker.keepFolder), JSON.stringify({ ...keep, state: 'installing', anchors: {} }));
    expect(await broker.bootstrap()).toMatchObject({ isFirstInstall: true, createdStreams: ['BLOBS'] });
  });

  test.each(STREAMS)('I2: a missing %s is refused, named and not created', async (name) => {
    await broker.bootstrap();
    await deleteStream(name);
    const before = await keepBytes();
    await expect(broker.bootstrap()).rejects.toMatchObject({ kind: 'invalid', code: 'stream-missing', message: expect.stringContaining(`missing: ${name}. Nothing was created`) });
    expect(await streamNames()).not.toContain(name);
    expect(await keepBytes()).toBe(before);
  });

  test('I2: an empty store under a keep that knows better is refused', async () => {
    await broker.bootstrap();
    await broker.restart(() => rm(storeFolder(), { recursive: true }));
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'stream-missing' });
    jsm = await jetstreamManager(await broker.connect('ops'));
    expect(await streamNames()).toEqual([]);
  });

  test('I2: a log that ends before its anchor is refused with both numbers', async () => {
    await broker.bootstrap();
    await appendFacts(3);
    const older = join(broker.folder, 'older');
    await broker.restart(() => cp(storeFolder(), older, { recursive: true }));
    await appendFacts(4);
    await broker.recordHeads();
    await broker.restart(async () => {
      await rm(storeFolder(), { recursive: true });
      await mkdir(storeFolder());
      await cp(older, storeFolder(), { recursive: true });
    });
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'stream-truncated', message: expect.stringMatching(/EVENTS-0 ends at 3, but 7 was recorded/) });
    // Written on until the numbers fit again, it is still another log.
    const runtime = await broker.connect('runtime');
    for (let index = 0; index < 6; index += 1) await runtime.request(subjectOf('evt', { context: 'runtime', entity: 'loop', key: `other-${index}` }), 'other');
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'stream-altered', message: expect.stringContaining('EVENTS-0 holds another message at 7') });
    await expect(broker.recordHeads()).rejects.toMatchObject({ code: 'stream-altered' });
  });

  test('anchors only move forward', async () => {
    await broker.bootstrap();
    await appendFacts(2);
    await broker.recordHeads();
    const keep = (await readKeepManifest(broker.keepFolder))?.anchors[eventStreamName(0)];
    expect(keep).toMatchObject({ lastSequence: 2, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await jsm.streams.delete(eventStreamName(0));
    await expect(broker.recordHeads()).rejects.toThrow();
    expect((await readKeepManifest(broker.keepFolder))?.anchors[eventStreamName(0)]).toEqual(keep);
  });

  test('a lost keep over an existing log is refused, nothing is recorded anew', async () => {
    await broker.bootstrap();
    await appendFacts(1);
    await rm(keepManifestFile(broker.keepFolder));
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'keep-missing', message: expect.stringContaining('Restore the keep') });
    await expect(readKeepManifest(broker.keepFolder)).resolves.toBeNull();
  });

  test.each(['{', '{}', 'null', '{"version":2}'])('a damaged keep %j is refused', async (content) => {
    await broker.bootstrap();
    await writeFile(keepManifestFile(broker.keepFolder), content);
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'keep-unreadable' });
    expect(await keepBytes()).toBe(content);
  });

  test('another stream count is refused and both numbers named', async () => {
    await broker.bootstrap(1);
    await expect(broker.bootstrap(4)).rejects.toMatchObject({ code: 'stream-count-changed', message: expect.stringMatching(/has 1 event streams, the configuration asks for 4/) });
    expect(await streamNames()).toEqual([...STREAMS].sort());
  });

  test('I1: an unhealthy broker is refused before anything is created', async () => {
    const connection = await broker.connect('bootstrap');
    const healthUrl = `${broker.server.healthUrl}?account=CORE&stream=NONE`;
    await expect(bootstrap({ connection, healthUrl, keepFolder: broker.keepFolder, manifest: brokerManifest(1) })).rejects.toMatchObject({ kind: 'transient', code: 'broker-unhealthy' });
    expect(await streamNames()).toEqual([]);
    await expect(readKeepManifest(broker.keepFolder)).resolves.toBeNull();
  });

  test('I1: a stream that cannot be recovered is not served, and its files stay for the restore', async () => {
    await broker.bootstrap();
    await appendFacts(2);
    const settingsFile = join(storeFolder(), 'jetstream', 'CORE', 'streams', 'EVENTS-0', 'meta.inf');
    const whole = await readFile(settingsFile, 'utf8');
    await expect(broker.restart(() => writeFile(settingsFile, whole.replace('evt.hub.00', 'evt.hub.0x')), 2_000)).rejects.toMatchObject({
      code: 'broker-not-started',
      message: expect.stringMatching(/EVENTS-0' could not be recovered.*restore it from a backup/),
    });
    await broker.restart(() => writeFile(settingsFile, whole));
    expect(await broker.bootstrap()).toMatchObject({ createdStreams: [] });
    jsm = await jetstreamManager(await broker.connect('ops'));
    expect((await jsm.streams.info('EVENTS-0')).state.messages).toBe(2);
  });

  test('a consumer that was changed is corrected, a foreign one is named', async () => {
    await broker.bootstrap();
    await jsm.consumers.update('EVENTS-0', 'connectors_reactors', { filter_subjects: ['evt.hub.*.*.*.*'] });
    await jsm.consumers.add('EVENTS-0', { durable_name: 'stranger' });
    const report = await broker.bootstrap();
    expect(report).toMatchObject({ createdConsumers: [], correctedConsumers: ['EVENTS-0/connectors_reactors'], unknownConsumers: ['EVENTS-0/stranger'] });
    expect((await jsm.consumers.info('EVENTS-0', 'connectors_reactors')).config.filter_subjects).toEqual(['evt.hub.*.governance.gate.*', 'evt.hub.*.governance.mailing.*']);
  });

  test('a lost consumer is made again, one of a wrong kind is refused', async () => {
    await broker.bootstrap();
    await jsm.consumers.delete('EVENTS-0', 'runtime_reactors');
    expect(await broker.bootstrap()).toMatchObject({ createdConsumers: ['EVENTS-0/runtime_reactors'] });
    await jsm.consumers.delete('EVENTS-0', 'runtime_reactors');
    await jsm.consumers.add('EVENTS-0', { durable_name: 'runtime_reactors', ack_policy: 'none' });
    await expect(broker.bootstrap()).rejects.toMatchObject({ code: 'consumer-setting-changed', message: expect.stringContaining('ack_policy') });
  });
});
