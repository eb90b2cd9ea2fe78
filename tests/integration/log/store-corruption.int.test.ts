/**
 * Damage to the broker's own files (harness F10), while it does not run: each is refused at the next start, or found by
 * the verifier, before anything was decided from it.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyEvent } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { openLiveLog, recordedHeads, recordVerified, type LogCheckReport } from '@soloist/eventlog/verify';
import { isFault } from '@soloist/kernel';
import { headOf } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const ENTITIES = 12;
const COMMITS = 8;

let broker: TestBroker;
let copies: string;

beforeAll(async () => {
  copies = await mkdtemp(join(tmpdir(), 'soloist-store-'));
  broker = await startBroker({ streams: 1 });
  await write(0, COMMITS / 2);
  await broker.kill9();
  await cp(store(), join(copies, 'older'), { recursive: true });
  await broker.restart();
  await write(COMMITS / 2, COMMITS);
  await broker.recordHeads();
  await recordVerified(broker.keepFolder, await verified());
  await broker.kill9();
  await cp(store(), join(copies, 'whole'), { recursive: true });
}, 120_000);

afterAll(async () => {
  await broker.restart().catch(() => undefined);
  await broker.stop();
  await rm(copies, { recursive: true, force: true });
}, 60_000);

beforeEach(() => putBack('whole'));

const store = (): string => join(broker.folder, 'broker', 'js');
const events = (): string => join(store(), 'jetstream', 'CORE', 'streams', 'EVENTS-0');

async function putBack(copy: 'whole' | 'older'): Promise<void> {
  await broker.kill9().catch(() => undefined);
  await rm(store(), { recursive: true, force: true });
  await mkdir(store(), { recursive: true });
  await cp(join(copies, copy), store(), { recursive: true });
}

async function write(from: number, to: number): Promise<void> {
  const connection: LogConnection = await connectLog({ servers: broker.url, seedFile: broker.seedFile('runtime'), service: 'runtime', streams: broker.streams, keys: broker.keys, name: 'store' });
  for (let round = from; round < to; round += 1) {
    for (let entity = 0; entity < ENTITIES; entity += 1) {
      const address = { context: 'runtime' as const, entity: 'loop', key: `run-${entity}` };
      const event: AnyEvent = { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `wait-${round}` } };
      const head = await connection.log.head(address);
      const appended = await connection.log.append({ address, id: derivedId('said', `${entity}-${round}`), cause: null, actor: 'test', policy: null, at: '2026-01-02T03:04:05.000Z', traceparent: null, events: [event], after: head === null ? null : headOf(head), snapshot: false });
      expect(appended.outcome).toBe('committed');
    }
  }
  await connection.close();
}

async function verified(): Promise<LogCheckReport> {
  const log = await openLiveLog({ servers: broker.url, seedFile: broker.seedFile('replay'), streams: broker.streams, name: 'verify' });
  try {
    return await log.check(broker.keys, await recordedHeads(broker.keepFolder));
  } finally {
    await log.close();
  }
}

/** How the damage came to light, null when it did not. */
async function foundBy(): Promise<string | null> {
  try {
    await broker.restart();
    await broker.bootstrap();
  } catch (error) {
    if (isFault(error)) return `start refused: ${error.code}`;
    throw error;
  }
  const report = await verified();
  return report.isWhole ? null : `verifier: ${[...new Set(report.findings.map(({ check }) => check))].join(', ')}`;
}

async function blocks(): Promise<readonly string[]> {
  return (await readdir(join(events(), 'msgs'))).filter((name) => name.endsWith('.blk')).map((name) => join(events(), 'msgs', name));
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  const place = Math.floor(at * (bytes.length - 1));
  bytes[place] = (bytes[place] ?? 0) ^ 0x04;
  await writeFile(file, bytes);
}

describe('a broker store', () => {
  it('that nobody touched is whole', async () => {
    expect(await foundBy()).toBeNull();
  }, 60_000);

  it.each([0.02, 0.11, 0.23, 0.37, 0.5, 0.61, 0.74, 0.86, 0.97, 0.999])('with one flipped bit at %d of its messages is found out [G22]', async (at) => {
    const [block] = await blocks();
    await flip(block ?? '', at);
    expect(await foundBy()).not.toBeNull();
  }, 60_000);

  it.each([1, 100, 3_000])('with %d bytes cut from its end is found out [G22]', async (bytes) => {
    const [block = ''] = await blocks();
    await truncate(block, (await stat(block)).size - bytes);
    expect(await foundBy()).not.toBeNull();
  }, 60_000);

  it('with one flipped bit and without its index is found out [G22]', async () => {
    const [block = ''] = await blocks();
    await flip(block, 0.4);
    await rm(join(events(), 'msgs', 'index.db'), { force: true });
    expect(await foundBy()).not.toBeNull();
  }, 60_000);

  it('without its messages is refused [G22]', async () => {
    await rm(join(events(), 'msgs'), { recursive: true });
    expect(await foundBy()).toMatch(/^start refused/);
  }, 60_000);

  it('without the stream is refused [G22]', async () => {
    await rm(events(), { recursive: true });
    expect(await foundBy()).toBe('start refused: stream-missing');
  }, 60_000);

  it('that is an older copy of itself is refused [G22]', async () => {
    await putBack('older');
    expect(await foundBy()).toBe('start refused: stream-truncated');
  }, 60_000);

  it('that is an older copy, written on past the recorded heads, is refused [G22]', async () => {
    await putBack('older');
    await broker.restart();
    await write(COMMITS / 2, COMMITS + 2);
    expect(await foundBy()).toBe('start refused: stream-altered');
  }, 60_000);
});
