import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { subjectOf } from '@soloist/contracts';
import { portRange } from './broker.fixture.js';
import { connectAs } from './connection.js';
import { openBroker, type BrokerSettings, type RunningBroker } from './embedded-broker.js';
import { readKeepManifest } from './keep-manifest.js';
import { healthOf } from './network.js';
import { isAlive } from './process-table.js';

let root: string;
let settings: BrokerSettings;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'soloist-embedded-'));
  settings = { folder: join(root, 'broker'), keepFolder: join(root, 'keep'), streams: 1, portRange: portRange() };
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function appendFact(broker: RunningBroker, key: string): Promise<number> {
  const connection = await connectAs(broker.url, broker.credentials.seedFile('runtime'), 'test');
  const answer = await connection.request(subjectOf('evt', { context: 'runtime', entity: 'loop', key }), 'fact');
  await connection.close();
  return answer.json<{ seq: number }>().seq;
}

async function anchored(): Promise<number | undefined> {
  return (await readKeepManifest(settings.keepFolder))?.anchors['EVENTS-0']?.lastSequence;
}

describe('the embedded broker', () => {
  test('I2: opens, closes with its heads recorded, and opens again with everything in place', async () => {
    const first = await openBroker(settings);
    expect(first.report.isFirstInstall).toBe(true);
    await appendFact(first, 'run-1');
    expect(await anchored()).toBe(0);
    await first.close();
    expect(first.server.isRunning()).toBe(false);
    expect(await anchored()).toBe(1);
    const second = await openBroker(settings);
    expect(second.report).toMatchObject({ isFirstInstall: false, createdStreams: [] });
    expect(await appendFact(second, 'run-2')).toBe(2);
    await second.close();
  });

  test('a kill -9 of the broker loses nothing that was acknowledged', async () => {
    const first = await openBroker(settings);
    for (let index = 1; index <= 20; index += 1) expect(await appendFact(first, `run-${index}`)).toBe(index);
    await first.recordHeads();
    process.kill(first.server.pid, 'SIGKILL');
    await expect.poll(() => first.server.isRunning(), { timeout: 5_000 }).toBe(false);
    const second = await openBroker(settings);
    expect(await appendFact(second, 'run-21')).toBe(21);
    await second.close();
  });

  test('I1: a refused start leaves no broker running', async () => {
    const first = await openBroker(settings);
    const ops = await connectAs(first.url, first.credentials.seedFile('ops'), 'test');
    await (await jetstreamManager(ops)).streams.delete('DEAD');
    await ops.close();
    await expect.poll(async () => (await healthOf(first.server.healthUrl)).isHealthy, { timeout: 5_000 }).toBe(true);
    await expect(openBroker(settings)).rejects.toMatchObject({ code: 'stream-missing' });
    expect(isAlive(first.server.pid)).toBe(false);
  });

  test('credentials of one service open no other account', async () => {
    const broker = await openBroker(settings);
    const runtime = await connectAs(broker.url, broker.credentials.seedFile('runtime'), 'test');
    await expect(jetstreamManager(runtime)).rejects.toThrow();
    const answer = await runtime.request(subjectOf('evt', { context: 'governance', entity: 'gate', key: 'run-1' }), 'forged').catch((error: unknown) => String(error));
    expect(answer).toMatch(/no responders/i);
    await runtime.close();
    await broker.close();
  });
});
