import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamCount } from '@soloist/contracts';
import { findBrokerBinary } from './binary.js';
import { FIXED_KEYS } from './broker.fixture.js';
import { brokerConf } from './conf.js';
import { brokerManifest } from './manifest.js';

function conf(streams: StreamCount, storeFolder = '/var/lib/soloist/broker/js'): string {
  return brokerConf({
    manifest: brokerManifest(streams),
    publicKeys: FIXED_KEYS,
    ports: { client: 4222, monitoring: 8222 },
    storeFolder,
    logFile: '/var/lib/soloist/broker/nats-server.log',
    serverName: 'soloist',
  });
}

describe('broker configuration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soloist-conf-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is the same text every time, and the text of the golden file [G23]', async () => {
    expect(conf(2)).toBe(conf(2));
    // After a wanted change of permissions: write conf(2) into the golden file and read the difference as a reviewer.
    expect(conf(2)).toBe(await readFile(new URL('./conf.golden.conf', import.meta.url), 'utf8'));
  });

  test('syncs before it acknowledges and listens on the loopback address only', () => {
    expect(conf(8)).toContain('sync_interval: always');
    const addresses = [...conf(8).matchAll(/^(?:listen|http): "([^"]+)"/gm)].map((match) => match[1]);
    expect(addresses).toEqual(['127.0.0.1:4222', '127.0.0.1:8222']);
  });

  test.each([1, 8, 64] as const)('is accepted by nats-server with %i event streams', async (streams) => {
    const file = join(folder, `nats-${streams}.conf`);
    await writeFile(file, conf(streams, join(folder, 'js')));
    const { stderr } = await promisify(execFile)(await findBrokerBinary(), ['-t', '-c', file]);
    expect(stderr).toContain('is valid');
  });

  test('refuses a path that its strings cannot hold', () => {
    expect(() => conf(1, '/tmp/a"b')).toThrow(RangeError);
  });
});
