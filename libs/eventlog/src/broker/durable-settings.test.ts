import { STREAM_COUNTS, streamSettings } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { brokerConf } from './conf.js';
import { BROKER_USERS, brokerManifest, type BrokerUser } from './manifest.js';
import { streamConfig } from './stream-config.js';

test('[G2] the broker syncs each message before it acknowledges it: with its own default a power cut lost every acknowledged message', () => {
  const publicKeys = Object.fromEntries(BROKER_USERS.map((user) => [user, 'U'])) as Record<BrokerUser, string>;
  const conf = brokerConf({ manifest: brokerManifest(8), publicKeys, ports: { client: 1, monitoring: 2 }, storeFolder: '/store', logFile: '/log', serverName: 'test' });
  expect(conf.match(/^\s*sync_interval:.*$/gm)).toEqual(['  sync_interval: always']);
});

test('[G2] no stream lies in memory only or is written behind its acknowledgement', () => {
  for (const settings of STREAM_COUNTS.flatMap(streamSettings)) {
    const config = streamConfig(settings) as Readonly<Record<string, unknown>>;
    expect(config['storage'], settings.name).toBe('file');
    expect(config['persist_mode'], settings.name).toBeUndefined();
  }
});
