/**
 * What services must be able to do through the account boundary, with the client they use [G23]: each test asserts
 * progress, not the absence of an error.
 */
import { jetstream, jetstreamManager, type ConsumerInfo, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from '@soloist/testing';
import { SERVICES } from './expected-access.js';
import { ask, at, stateStream, STREAMS } from './wire.js';

type Service = (typeof SERVICES)[number];

const STREAM = stateStream();
const API = { apiPrefix: 'core.API' };
const COLD_READERS = ['orchestrator', 'runtime', 'memory', 'governance', 'replay'] as const;
/** One own entity of each, and one entity each reacts to. */
const OWN: Readonly<Record<Service, string>> = { orchestrator: 'orchestrator.run', runtime: 'runtime.loop', memory: 'memory.fact', connectors: 'connectors.effect', governance: 'governance.gate' };
const HEARS: Readonly<Record<Service, string>> = { orchestrator: 'governance.hold', runtime: 'governance.gate', memory: 'runtime.loop', connectors: 'governance.gate', governance: 'orchestrator.run' };

let broker: TestBroker;
let ops: NatsConnection;
const connections = new Map<string, NatsConnection>();

beforeAll(async () => {
  broker = await startBroker({ streams: STREAMS });
  ops = await broker.connect('ops');
  for (const user of [...SERVICES, 'replay'] as const) connections.set(user, await broker.connect(user));
}, 60_000);
afterAll(() => broker.stop());

function as(user: string): NatsConnection {
  return connections.get(user) as NatsConnection;
}

function client(user: string): JetStreamClient {
  return jetstream(as(user), API);
}

/** As the services do: from a description, without asking the API. */
function consumer(user: string, stream: string, name: string): ReturnType<JetStreamClient['consumers']['getConsumerFromInfo']> {
  return client(user).consumers.getConsumerFromInfo({ stream_name: stream, name, config: { durable_name: name, ack_policy: 'explicit' } } as ConsumerInfo);
}

/** Pulls until one message satisfies, acknowledging everything with confirmation. */
async function pullUntil(user: string, stream: string, name: string, isWanted: (message: JsMsg) => boolean): Promise<JsMsg> {
  const messages = await consumer(user, stream, name).consume({ max_messages: 10, expires: 5_000 });
  const guard = setTimeout(() => messages.stop(), 10_000);
  try {
    for await (const message of messages) {
      await message.ackAck();
      if (isWanted(message)) return message;
    }
    throw new Error(`${name} got nothing of ${stream} that was wanted within 10 s`);
  } finally {
    clearTimeout(guard);
    messages.stop();
  }
}

describe.each(SERVICES)('%s', (service) => {
  test('appends own facts by optimistic concurrency, and a stale writer is told so', async () => {
    const subject = at('evt', OWN[service], 'run-a');
    const first = await client(service).publish(subject, 'one', { expect: { lastSubjectSequence: 0 } });
    expect(first).toMatchObject({ stream: STREAM, duplicate: false });
    const second = await client(service).publish(subject, 'two', { expect: { lastSubjectSequence: first.seq } });
    expect(second.seq).toBeGreaterThan(first.seq);
    await expect(client(service).publish(subject, 'late', { expect: { lastSubjectSequence: first.seq } })).rejects.toMatchObject({ code: 10071 });
  });

  test('reads the head of its entity, answered exactly once', async () => {
    const subject = at('evt', OWN[service], 'run-a');
    const jsm = await jetstreamManager(as(service), { ...API, checkAPI: false });
    expect((await jsm.direct.getMessage(STREAM, { last_by_subj: subject }))?.string()).toBe('two');
    expect(await jsm.direct.getMessage(STREAM, { last_by_subj: at('evt', OWN[service], 'run-never') })).toBeNull();
    // Two overlapping imports would deliver the request, and so the answer, twice.
    const answers: string[] = [];
    const inbox = as(service).subscribe('answers.head', { callback: (_, message) => void answers.push(message.string()) });
    as(service).publish(`core.API.DIRECT.GET.${STREAM}.${subject}`, '', { reply: 'answers.head' });
    await expect.poll(() => answers.length, { timeout: 5_000 }).toBeGreaterThan(0);
    await jsm.direct.getMessage(STREAM, { last_by_subj: subject });
    inbox.unsubscribe();
    expect(answers).toEqual(['two']);
  });

  test('is delivered what it reacts to, and its acknowledgement counts', async () => {
    const subject = at('evt', HEARS[service], `run-of-${service}`);
    const stream = stateStream(`run-of-${service}`);
    expect((await ask(as(HEARS[service].split('.')[0] as string), subject, { body: 'news' })).code).toBe(0);
    const message = await pullUntil(service, stream, `${service}_reactors`, ({ subject: got }) => got === subject);
    expect(message.string()).toBe('news');
    const jsm = await jetstreamManager(ops);
    const { ack_floor, num_ack_pending } = await jsm.consumers.info(stream, `${service}_reactors`);
    expect(ack_floor.stream_seq).toBeGreaterThanOrEqual(message.seq);
    expect(num_ack_pending).toBe(0);
  });

  test('asks about its consumer, and delays what it cannot do yet', async () => {
    const subject = at('evt', HEARS[service], `run-later-${service}`);
    await ask(as(HEARS[service].split('.')[0] as string), subject, { body: 'later' });
    const consumers = (await jetstreamManager(as(service), { ...API, checkAPI: false })).consumers;
    // The broker counts what is pending a moment after it has stored it.
    await expect.poll(async () => (await consumers.info(stateStream(`run-later-${service}`), `${service}_reactors`)).num_pending, { timeout: 5_000 }).toBeGreaterThan(0);
    const seen: number[] = [];
    const messages = await consumer(service, stateStream(`run-later-${service}`), `${service}_reactors`).consume({ max_messages: 10, expires: 5_000 });
    for await (const message of messages) {
      if (message.subject !== subject) {
        message.ack();
        continue;
      }
      seen.push(message.info.deliveryCount);
      if (seen.length === 2) {
        await message.ackAck();
        break;
      }
      message.working();
      message.nak(50);
    }
    messages.stop();
    expect(seen).toEqual([1, 2]);
  });

  test('takes a command that governance put down for it, once', async () => {
    const subject = at('cmd', OWN[service], `wish-${service}`);
    expect((await ask(as('governance'), subject, { body: 'wish' })).code).toBe(0);
    const message = await pullUntil(service, 'COMMANDS', `${service}_commands`, ({ subject: got }) => got === subject);
    expect(message.string()).toBe('wish');
    await expect.poll(async () => (await jetstreamManager(ops)).streams.info('COMMANDS', { subjects_filter: subject }).then(({ state }) => state.subjects ?? {}), { timeout: 5_000 }).toEqual({});
  });

  test('arms a timer and is told when it is due', async () => {
    const due = at('due', OWN[service], `run-${service}`);
    await client(service).publish(at('timer', OWN[service], `timer-${service}`), 'look now', { schedule: { specification: new Date(Date.now() + 300), target: due } });
    const message = await pullUntil(service, `TIMERS-${service}`, `${service}_timers`, ({ subject }) => subject === due);
    expect(message.string()).toBe('look now');
  });

  test('buries a dead letter and keeps a blob that every service can read', async () => {
    const dead = await client(service).publish(at('dead', OWN[service], 'run-a'), 'gave up');
    expect(dead.stream).toBe('DEAD');
    const chunk = `blob.hub.${service}.${'34'.repeat(32)}.0`;
    const bytes = new Uint8Array(128 * 1024).fill(7);
    expect((await client(service).publish(chunk, bytes, { expect: { lastSubjectSequence: 0 } })).stream).toBe('BLOBS');
    for (const reader of [...SERVICES, 'replay']) {
      const jsm = await jetstreamManager(as(reader), { ...API, checkAPI: false });
      expect((await jsm.direct.getMessage('BLOBS', { last_by_subj: chunk }))?.data.length).toBe(bytes.length);
    }
  });
});

describe.each(COLD_READERS)('%s, who may read cold', (reader) => {
  test('reads a range in one batch, of all and of one subject, complete and in order', async () => {
    const subject = at('evt', 'runtime.loop', 'run-long');
    const stream = stateStream('run-long');
    const jsm = await jetstreamManager(as(reader), { ...API, checkAPI: false });
    const existing = (await jsm.direct.getMessage(stream, { last_by_subj: subject }))?.seq ?? 0;
    if (existing === 0) for (let index = 0; index < 300; index += 1) await client('runtime').publish(subject, `step ${index}`);
    const steps: string[] = [];
    for await (const message of await jsm.direct.getBatch(stream, { seq: 1, batch: 500, next_by_subj: subject } as Parameters<typeof jsm.direct.getBatch>[1])) steps.push(message.string());
    expect(steps).toEqual(Array.from({ length: 300 }, (_, index) => `step ${index}`));
    const all: number[] = [];
    for await (const message of await jsm.direct.getBatch(stream, { seq: 1, batch: 1_000 })) all.push(message.seq);
    expect(all).toEqual([...all].sort((left, right) => left - right));
    expect(all.length).toBeGreaterThanOrEqual(300);
  });

  test("knows a stream's last sequence without asking about the stream", async () => {
    const jsm = await jetstreamManager(as(reader), { ...API, checkAPI: false });
    const truth = (await (await jetstreamManager(ops)).streams.info(STREAM)).state.last_seq;
    expect((await jsm.direct.getMessage(STREAM, { last_by_subj: 'evt.>' }))?.seq).toBe(truth);
  });
});

describe('projections and replay', () => {
  test.each(['memory', 'governance'])('%s is woken by growth, without the content', async (service) => {
    const subject = at('evt', 'runtime.loop', `run-wakes-${service}`);
    const stream = stateStream(`run-wakes-${service}`);
    const { seq } = await client('runtime').publish(subject, 'content');
    const messages = await consumer(service, stream, `${service}_projections`).consume({ max_messages: 500, expires: 5_000 });
    const guard = setTimeout(() => messages.stop(), 10_000);
    let last = 0;
    for await (const message of messages) {
      expect(message.data.length).toBe(0);
      last = message.seq;
      if (last >= seq) break;
    }
    clearTimeout(guard);
    messages.stop();
    expect(last).toBeGreaterThanOrEqual(seq);
  });

  test('replay is given the whole stream from the first commit on', async () => {
    const { state } = await (await jetstreamManager(ops)).streams.info(STREAM);
    const messages = await consumer('replay', STREAM, 'replay_all').consume({ max_messages: 500, expires: 5_000 });
    const guard = setTimeout(() => messages.stop(), 10_000);
    const sequences: number[] = [];
    for await (const message of messages) {
      sequences.push(message.seq);
      if (message.seq >= state.last_seq) break;
    }
    clearTimeout(guard);
    messages.stop();
    expect(sequences[0]).toBe(1);
    expect(sequences.length).toBeGreaterThanOrEqual(state.messages);
  });
});

describe('working memory', () => {
  const key = 'core.API.$KV.WORKING.memory.session-1';
  const read = 'core.API.DIRECT.GET.KV_WORKING.$KV.WORKING.memory.session-1';

  test('memory sets, replaces and deletes; runtime reads; values end with their time', async () => {
    expect((await ask(as('memory'), key, { body: 'one', headers: { 'Nats-TTL': '60s' } })).code).toBe(0);
    expect((await ask(as('memory'), key, { body: 'two', headers: { 'Nats-TTL': '60s' } })).code).toBe(0);
    for (const reader of ['memory', 'runtime']) expect((await ask(as(reader), read)).message?.string()).toBe('two');
    expect((await ask(as('memory'), key, { headers: { 'KV-Operation': 'DEL' } })).code).toBe(0);
    expect((await ask(as('runtime'), read)).message?.headers?.get('KV-Operation')).toBe('DEL');
    expect((await ask(as('memory'), key, { body: 'short', headers: { 'Nats-TTL': '1s' } })).code).toBe(0);
    await expect.poll(async () => (await ask(as('runtime'), read)).code, { timeout: 10_000 }).toBe(404);
  });
});
