/**
 * The matrix must notice a wrong permission. Each case plants one mistake into the generated manifest, too wide or too
 * narrow, and expects the probes to report it [G23].
 */
import { describe, expect, test } from 'vitest';
import type { BrokerManifest } from '@soloist/eventlog/broker';
import { startBroker } from '@soloist/testing';
import type { Identity } from './expected-access.js';
import { probesOf } from './probes.js';
import { ask, STREAMS } from './wire.js';

function widened(account: string, subject: string, to: string): (manifest: BrokerManifest) => BrokerManifest {
  return (manifest) => ({
    ...manifest,
    exports: manifest.exports.some((line) => line.subject === subject)
      ? manifest.exports.map((line) => (line.subject === subject ? { ...line, accounts: [...line.accounts, account] } : line))
      : [...manifest.exports, { subject, responseType: 'singleton', responseThresholdMs: null, accounts: [account] }],
    accounts: manifest.accounts.map((entry) => (entry.name === account ? { ...entry, imports: [...entry.imports, { subject, to }] } : entry)),
  });
}

function narrowed(account: string, subject: string): (manifest: BrokerManifest) => BrokerManifest {
  return (manifest) => ({
    ...manifest,
    accounts: manifest.accounts.map((entry) => (entry.name === account ? { ...entry, imports: entry.imports.filter((line) => line.subject !== subject) } : entry)),
  });
}

/** What is wrong · whose permission · the mistake · a probe that must be among those that complain. */
const MISTAKES: readonly (readonly [string, Identity, (manifest: BrokerManifest) => BrokerManifest, RegExp])[] = [
  ['connectors may publish every fact', 'connectors', widened('CONNECTORS', 'evt.hub.>', 'evt.hub.>'), /^evt\.hub\.\d\d\.governance\.gate\./],
  ['runtime may publish commands', 'runtime', widened('RUNTIME', 'cmd.hub.*.*.*.*', 'cmd.hub.*.*.*.*'), /^cmd\./],
  ['connectors may read the whole log', 'connectors', widened('CONNECTORS', '$JS.API.DIRECT.GET.EVENTS-0', 'core.API.DIRECT.GET.EVENTS-0'), /^core\.API\.DIRECT\.GET\.EVENTS-0$/],
  ['memory may pull from the consumer of connectors', 'memory', widened('MEMORY', '$JS.API.CONSUMER.MSG.NEXT.*.connectors_reactors', 'core.API.CONSUMER.MSG.NEXT.*.connectors_reactors'), /MSG\.NEXT\.EVENTS-0\.connectors_reactors$/],
  ['governance may purge', 'governance', widened('GOVERNANCE', '$JS.API.STREAM.PURGE.*', 'core.API.STREAM.PURGE.*'), /^core\.API\.STREAM\.PURGE\.EVENTS-0$/],
  ['runtime may create consumers', 'runtime', widened('RUNTIME', '$JS.API.CONSUMER.CREATE.>', 'core.API.CONSUMER.CREATE.>'), /^core\.API\.CONSUMER\.CREATE\./],
  ['orchestrator may make its timers due', 'orchestrator', widened('ORCHESTRATOR', 'due.hub.*.orchestrator.*.*', 'due.hub.*.orchestrator.*.*'), /^due\..*orchestrator/],
  ['memory lost its reactors', 'memory', narrowed('MEMORY', '$JS.API.CONSUMER.MSG.NEXT.*.memory_reactors'), /MSG\.NEXT\.EVENTS-0\.memory_reactors$/],
  ['connectors lost the gates', 'connectors', narrowed('CONNECTORS', '$JS.API.DIRECT.GET.*.evt.hub.*.governance.gate.*'), /DIRECT\.GET\.EVENTS-0\.evt\..*governance\.gate/],
];

/** Subjects whose verdict is not the expected one. */
async function complaints(identity: Identity, alter: (manifest: BrokerManifest) => BrokerManifest): Promise<readonly string[]> {
  const broker = await startBroker({ streams: STREAMS, alter });
  try {
    const connection = await broker.connect(identity);
    const probes = await Promise.all(probesOf(identity).map(async (probe) => ({ probe, verdict: (await ask(connection, probe.subject, probe)).verdict })));
    return probes.filter(({ probe, verdict }) => verdict !== probe.expects).map(({ probe }) => probe.subject);
  } finally {
    await broker.stop();
  }
}

describe('a mistake in the permissions [G23]', () => {
  test.each(MISTAKES)('is noticed: %s', async (_, identity, alter, complaint) => {
    expect(await complaints(identity, alter)).toContainEqual(expect.stringMatching(complaint));
  });

  test('the control: without a mistake nothing complains', async () => {
    expect(await complaints('connectors', (manifest) => manifest)).toEqual([]);
  });
});
