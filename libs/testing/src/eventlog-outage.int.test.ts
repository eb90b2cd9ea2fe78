/** What only a real broker can show: crashes, silence, refusals, and what an old or foreign one is told. */
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { eventStreamName, streamOfKey, subjectOf } from '@soloist/contracts';
import { connectLog, createMemoryKeyTable, isErased, type LogConnection } from '@soloist/eventlog';
import { committed, draftOf, eventually, loopAddress, newKey, suspended, writeHistory } from '@soloist/eventlog/conformance';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBroker, type TestBroker } from './broker.js';

const ANSWER_WITHIN_MS = 1_500;

let broker: TestBroker;
let opened: LogConnection[];

beforeEach(async () => {
  opened = [];
  broker = await startBroker({ streams: 2 });
});
afterEach(async () => {
  await Promise.all(opened.map((connection) => connection.close()));
  await broker.stop();
});

async function connect(service: 'runtime' | 'orchestrator' | 'ops', streams: 2 | 8 = 2): Promise<LogConnection> {
  const connection = await connectLog({
    servers: broker.url,
    seedFile: broker.seedFile(service),
    service,
    streams,
    keys: broker.keys,
    name: `outage-${service}`,
    answerWithinMs: ANSWER_WITHIN_MS,
  });
  opened.push(connection);
  return connection;
}

describe('after kill -9 of the broker and a restart', () => {
  it('consume loops go on, the log is whole, and the time between was answered with faults', async () => {
    const { log } = await connect('runtime');
    const { deliveries } = await connect('orchestrator');
    const seen = new Set<string>();
    await deliveries.consume('orchestrator', 'reactors', (delivery) => {
      seen.add(delivery.address.key);
      void delivery.ack();
    });
    const before = loopAddress();
    const written = await writeHistory(log, before, 3);
    await eventually(() => [...seen], (keys) => keys.includes(before.key));

    await broker.kill9();
    const during = draftOf(loopAddress(), [suspended('during')], null);
    const asked = performance.now();
    await expect(log.append(during)).rejects.toMatchObject({ kind: expect.stringMatching(/^(transient|unknown-outcome)$/) });
    await expect(log.head(before)).rejects.toMatchObject({ kind: 'transient' });
    expect(performance.now() - asked).toBeLessThan(4 * ANSWER_WITHIN_MS);
    await broker.restart();

    const after = loopAddress();
    await eventually(() => log.append(draftOf(after, [suspended('after')], null)).then((answer) => answer.outcome, () => 'fault'), (outcome) => outcome === 'committed');
    await eventually(() => [...seen], (keys) => keys.includes(after.key), 20_000);
    expect((await log.history(before)).map((commit) => commit.hash)).toEqual(written.map((commit) => commit.hash));
  });

  it('nothing said to be refused turns up later', async () => {
    const { log } = await connect('runtime');
    await broker.kill9();
    const draft = draftOf(loopAddress(), [suspended('refused')], null);
    await eventually(() => log.append(draft).then(() => 'stored', (error: { code?: string }) => error.code), (code) => code === 'log.unreachable');
    const refused = draftOf(loopAddress(), [suspended('refused')], null);
    await expect(log.append(refused)).rejects.toMatchObject({ kind: 'transient', code: 'log.unreachable' });
    await broker.restart();
    const marker = loopAddress();
    await eventually(() => log.append(draftOf(marker, [suspended('marker')], null)).then((answer) => answer.outcome, () => 'fault'), (outcome) => outcome === 'committed');
    expect(await log.head(refused.address)).toBeNull();
  });
});

describe('after a step back of the clock', () => {
  it('a lost connection comes back at once, not when the old time of day is reached again [G28]', async () => {
    const rightNow = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: rightNow + 86_400_000 });
    try {
      const { log } = await connect('runtime');
      await writeHistory(log, loopAddress(), 1);
      vi.setSystemTime(rightNow);
      await broker.kill9();
      await broker.restart();
      await eventually(() => log.append(draftOf(loopAddress(), [suspended('after')], null)).then((answer) => answer.outcome, () => 'fault'), (outcome) => outcome === 'committed');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a broker that stops answering', () => {
  it('is not waited for, and what it stored meanwhile is found by the next attempt: one copy [G5]', async () => {
    const { log } = await connect('runtime');
    const draft = draftOf(loopAddress(), [suspended('a')], null);
    await writeHistory(log, loopAddress(), 1);
    await stopThreads(broker.pid);
    const asked = performance.now();
    try {
      await expect(log.append(draft)).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'log.outcome-unknown' });
      expect(performance.now() - asked).toBeLessThan(2 * ANSWER_WITHIN_MS);
    } finally {
      process.kill(broker.pid, 'SIGCONT');
    }
    await eventually(() => log.append(draft).then((answer) => answer.outcome, () => 'fault'), (outcome) => outcome === 'committed');
    expect(await log.history(draft.address)).toHaveLength(1);
  });
});

describe('a stream without room', () => {
  it('refuses for certain and says what to do', async () => {
    const { log } = await connect('runtime');
    const address = loopAddress();
    const [first] = await writeHistory(log, address, 1);
    const stream = eventStreamName(streamOfKey(address.key, 2));
    await shrink(await broker.connect('ops'), stream);
    const draft = draftOf(address, [suspended('no-room')], first ?? null);
    await expect(log.append(draft)).rejects.toMatchObject({ kind: 'transient', code: 'log.full', message: expect.stringMatching(/maximum bytes exceeded.*Free space/s) });
    expect(await log.history(address)).toHaveLength(1);
  });
});

describe('a message with a status line of its writer', () => {
  it('does not end a read before its end', async () => {
    const { log } = await connect('ops');
    const address = loopAddress();
    const [first] = await writeHistory(log, address, 1);
    const stream = streamOfKey(address.key, 2);
    const raw = await broker.connect('ops');
    await raw.request(subjectOf('evt', { ...address, entity: 'other' }), '', { headers: headers(204, 'EOB'), timeout: 5_000 });
    const last = committed(await log.append(draftOf(address, [suspended('b')], first ?? null)));
    expect((await log.history(address)).map((commit) => commit.id)).toEqual([first?.id, last.id]);
    // Whole-stream readers meet the message itself: poison, with its place named, instead of a silent end.
    await expect(log.readAfter(stream, first?.position.sequence ?? 0, 10)).rejects.toMatchObject({ code: 'log.bad-message' });
  });
});

describe('connectLog', () => {
  const keys = createMemoryKeyTable();

  it('refuses a broker that is too old, with the version found and the one to install', async () => {
    const old = await pretendBroker('2.9.10');
    const port = (old.address() as AddressInfo).port;
    await expect(connectLog({ servers: `127.0.0.1:${port}`, service: 'runtime', streams: 2, keys, name: 'old' })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/2\.9\.10.*2\.15\.1/),
    });
    await new Promise((resolve) => old.close(resolve));
  });

  it('says that a foreign seed is refused', async () => {
    const foreign = await startBroker({ streams: 2, isBootstrapped: false });
    try {
      const options = { servers: broker.url, seedFile: foreign.seedFile('runtime'), service: 'runtime', streams: 2, keys, name: 'foreign' } as const;
      await expect(connectLog(options)).rejects.toMatchObject({ kind: 'unauthorized', code: 'log.unauthorized' });
    } finally {
      await foreign.stop();
    }
  });

  it('says that nobody is there', async () => {
    const url = broker.url;
    await broker.kill9();
    await expect(connectLog({ servers: url, service: 'runtime', streams: 2, keys, name: 'nobody' })).rejects.toMatchObject({
      kind: 'transient',
      code: 'log.unreachable',
    });
  });

  it('notices that the installation has another number of streams', async () => {
    const { log } = await connect('runtime', 8);
    const address = loopAddress(keyOutsideFirstStreams());
    await expect(log.append(draftOf(address, [suspended('a')], null))).rejects.toMatchObject({ kind: 'invalid', code: 'log.stream-mismatch' });
  });

  it('sees an erasure by another process at once', async () => {
    const { log } = await connect('runtime');
    const subject = newKey();
    const draft = draftOf(loopAddress(), [{ type: 'runtime.loop.recall-requested', data: { recallId: 'r', query: 'gone', limit: 1, inputId: 'i', dataSubject: subject } }], null);
    await log.append(draft);
    await broker.keys.erase(subject);
    const data = (await log.head(draft.address))?.events[0]?.data as { query: unknown };
    expect(isErased(data.query)).toBe(true);
  });
});

/** Two streams hold what eight would hold in 0 to 3 and 4 to 7; only EVENTS-0 and EVENTS-1 exist. */
function keyOutsideFirstStreams(): string {
  for (;;) {
    const key = newKey();
    if (streamOfKey(key, 8) > 1) return key;
  }
}

async function shrink(ops: NatsConnection, stream: string): Promise<void> {
  const info = (await ops.request(`$JS.API.STREAM.INFO.${stream}`, '', { timeout: 5_000 })).json<{ config: object; state: { bytes: number } }>();
  const config = { ...info.config, max_bytes: info.state.bytes + 1 };
  const answer = await ops.request(`$JS.API.STREAM.UPDATE.${stream}`, JSON.stringify(config), { timeout: 5_000 });
  const { error } = answer.json<{ error?: { description: string } }>();
  if (error !== undefined) throw new Error(error.description);
}

/** The signal takes a moment to reach every thread. */
async function stopThreads(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await eventually(() => readFile(`/proc/${pid}/stat`, 'utf8'), (stat) => /\) T /.test(stat));
}

/** Greets like a server of that version and answers pings; enough for a client to connect. */
async function pretendBroker(version: string): Promise<Server> {
  const info = { server_id: 'OLD', version, proto: 1, headers: true, max_payload: 1_048_576 };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on('data', (chunk) => {
      if (chunk.includes('PING')) socket.write('PONG\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
