import { describe, expect, test } from 'vitest';
import { CONTEXTS, MAX_FILE_STORE_BYTES, STREAM_COUNTS, streamSettings } from '@soloist/contracts';
import { brokerManifest, CORE, type AccountSettings } from './manifest.js';

const manifest = brokerManifest(8);
const accounts = manifest.accounts.filter((account) => account.imports.length > 0);

/** Whether some literal subject matches both. */
function overlap(left: string, right: string): boolean {
  const a = left.split('.');
  const b = right.split('.');
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const x = a[index];
    const y = b[index];
    if (x === '>' || y === '>') return x !== undefined && y !== undefined;
    if (x === undefined || y === undefined || (x !== y && x !== '*' && y !== '*')) return false;
  }
  return true;
}

function importsOf(name: string): readonly string[] {
  return (manifest.accounts.find((account) => account.name === name) as AccountSettings).imports.map(({ subject }) => subject);
}

describe('broker manifest [G23]', () => {
  test('every export names its accounts, and each of them imports it', () => {
    expect(manifest.exports.length).toBeGreaterThan(40);
    for (const { subject, accounts: names } of manifest.exports) {
      expect(names.length, subject).toBeGreaterThan(0);
      for (const name of names) expect(importsOf(name), name).toContain(subject);
    }
    const exported = new Set(manifest.exports.map(({ subject }) => subject));
    for (const account of accounts) for (const { subject } of account.imports) expect(exported.has(subject), subject).toBe(true);
  });

  test('an export of several accounts is one line', () => {
    const subjects = manifest.exports.map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  test.each(accounts.map((account) => [account.name, account] as const))('no two imports of %s overlap', (_, account) => {
    for (const [index, left] of account.imports.entries()) {
      for (const right of account.imports.slice(index + 1)) expect(overlap(left.to, right.to), `${left.to} and ${right.to}`).toBe(false);
    }
  });

  test('every import of the API is renamed, every acknowledgement is not', () => {
    for (const { subject, to } of accounts.flatMap((account) => account.imports)) {
      if (subject.startsWith('$JS.API.')) expect(to).toBe(subject.replace('$JS.API.', 'core.API.'));
      else if (subject.startsWith('$KV.')) expect(to).toBe(`core.API.${subject}`);
      else expect(to).toBe(subject);
    }
  });

  test('no account may create, change, list or delete anything, nor see server or advisory subjects', () => {
    for (const { subject } of accounts.flatMap((account) => account.imports)) {
      expect(subject).not.toMatch(/STREAM\.|CONSUMER\.(CREATE|DURABLE|DELETE|PAUSE|RESET|UNPIN|LIST|NAMES|LEADER)|^\$JS\.API\.INFO|^due\.|\$JS\.EVENT|^\$SYS|^>|^\*/);
    }
  });

  test('consumer names in permissions are literal and have no dots', () => {
    for (const { name } of manifest.consumers) expect(name).toMatch(/^[a-z]+_[a-z]+$/);
    for (const { subject } of accounts.flatMap((account) => account.imports)) {
      if (subject.includes('CONSUMER.')) expect(subject).toMatch(/^\$JS\.API\.CONSUMER\.(MSG\.NEXT|INFO)\.\*\.[a-z]+_[a-z]+$/);
    }
  });

  test('only governance publishes commands, only memory writes working memory', () => {
    const holders = (prefix: string) => accounts.filter(({ imports }) => imports.some(({ subject }) => subject.startsWith(prefix))).map(({ name }) => name);
    expect(holders('cmd.')).toEqual(['GOVERNANCE']);
    expect(holders('$KV.')).toEqual(['MEMORY']);
  });

  test.each(CONTEXTS)('%s publishes facts, letters, timers and blobs of its own only', (context) => {
    const published = importsOf(context.toUpperCase()).filter((subject) => !subject.startsWith('$') && !subject.startsWith('cmd.'));
    expect(published.toSorted()).toEqual([`blob.hub.${context}.>`, `dead.hub.*.${context}.*.*`, `evt.hub.*.${context}.*.*`, `timer.hub.*.${context}.*.*`]);
  });

  test('connectors read heads entity by entity and never the whole log', () => {
    const reads = importsOf('CONNECTORS').filter((subject) => subject.includes('DIRECT.GET') && !subject.includes('BLOBS'));
    expect(reads.sort()).toEqual([
      '$JS.API.DIRECT.GET.*.evt.hub.*.connectors.arming.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.connectors.effect.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.connectors.intake.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.connectors.posting.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.governance.gate.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.governance.halt.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.governance.mailing.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.governance.webhook.*',
      '$JS.API.DIRECT.GET.*.evt.hub.*.runtime.loop.*',
    ]);
  });

  test('replay may publish no subject of the log', () => {
    for (const subject of importsOf('REPLAY')) expect(subject).toMatch(/^\$JS\.API\./);
  });

  test('only the core account has streams, and its users are bootstrap and ops', () => {
    expect(manifest.accounts.filter(({ hasJetStream }) => hasJetStream).map(({ name }) => name)).toEqual([CORE]);
    expect(manifest.accounts.find(({ name }) => name === CORE)?.users).toEqual(['bootstrap', 'ops']);
    expect(manifest.accounts.filter(({ users }) => users.length === 1).length).toBe(CONTEXTS.length + 1);
  });

  test('answers in several parts are marked so, with a threshold above the pull', () => {
    for (const { subject, responseType, responseThresholdMs } of manifest.exports) {
      const isPartial = /MSG\.NEXT|DIRECT\.GET\.(?:EVENTS-\d+|DEAD)$/.test(subject);
      expect(responseType, subject).toBe(isPartial ? 'stream' : 'singleton');
      expect(responseThresholdMs, subject).toBe(isPartial ? 40_000 : null);
    }
  });

  test.each(STREAM_COUNTS)('%i event streams hold every bucket once and fit the store', (count) => {
    const streams = streamSettings(count);
    const buckets = streams.filter(({ name }) => name.startsWith('EVENTS-')).flatMap(({ subjects }) => subjects);
    expect(buckets.length).toBe(64);
    expect(new Set(buckets).size).toBe(64);
    const bytes = streams.reduce((sum, { maxBytes }) => sum + Math.max(0, maxBytes), 0);
    expect(bytes).toBeLessThan(MAX_FILE_STORE_BYTES);
  });
});
