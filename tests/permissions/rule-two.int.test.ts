/**
 * Why no service may create a consumer, not even with a literal name and filter (ADR 0003, rows 7, 8, 29–31). The broker
 * here has one permission more than ours: runtime may create its own cold-read consumer. What goes through with it is
 * what rule 2 prevents; an upgrade that changes the broker's behaviour is seen here.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from '@soloist/testing';
import { ask, at, changes, pictureOf, stateStream, STREAMS } from './wire.js';

const STREAM = stateStream();
const SLOT = `CONSUMER.CREATE.*.runtime_cold_0.evt.hub.*.runtime.*.*`;
const OWN = at('evt', 'runtime.loop');
const GATE = at('evt', 'governance.gate');

let broker: TestBroker;
let ops: NatsConnection;
let runtime: NatsConnection;

beforeAll(async () => {
  broker = await startBroker({
    streams: STREAMS,
    alter: (manifest) => ({
      ...manifest,
      exports: [...manifest.exports, { subject: `$JS.API.${SLOT}`, responseType: 'singleton', responseThresholdMs: null, accounts: ['RUNTIME'] }],
      accounts: manifest.accounts.map((account) => (account.name === 'RUNTIME' ? { ...account, imports: [...account.imports, { subject: `$JS.API.${SLOT}`, to: `core.API.${SLOT}` }] } : account)),
    }),
  });
  [ops, runtime] = [await broker.connect('ops'), await broker.connect('runtime')];
  const governance = await broker.connect('governance');
  for (let index = 0; index < 5; index += 1) await ask(governance, GATE, { body: `authorization ${index}` });
  for (let index = 0; index < 5; index += 1) await ask(runtime, OWN, { body: `{"batch":1}` });
}, 60_000);
afterAll(() => broker.stop());

function create(config: Record<string, unknown>, stream = STREAM, filter = 'evt.hub.*.runtime.*.*'): ReturnType<typeof ask> {
  const body = JSON.stringify({ stream_name: stream, config: { name: 'runtime_cold_0', ack_policy: 'none', filter_subject: filter, ...config }, action: '' });
  return ask(runtime, `core.API.CONSUMER.CREATE.${stream}.runtime_cold_0.${filter}`, { body });
}

describe('with a right to create one literal consumer', () => {
  test('8: the body can name no other consumer, filter or stream', async () => {
    expect((await create({ name: 'connectors_reactors', durable_name: 'connectors_reactors' })).code).toBe(10017);
    expect((await create({ filter_subject: 'evt.>' })).code).toBe(10131);
    expect((await create({ filter_subject: undefined, filter_subjects: ['evt.hub.*.governance.*.*', 'evt.hub.*.runtime.*.*'] })).code).toBe(10137);
  });

  test('29: deliveries into a subject of the same stream are refused as a cycle', async () => {
    expect((await create({ deliver_subject: GATE })).code).toBe(10081);
  });

  test("31: but deliveries into connectors' pull drain connectors' authorizations into nothing", async () => {
    const before = await pictureOf(ops);
    const answer = await create({ ack_policy: 'explicit', deliver_subject: `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.connectors_reactors` });
    expect(answer).toMatchObject({ verdict: 'reached', code: 0 });
    await expect
      .poll(async () => changes(before, await pictureOf(ops)).find((line) => line.startsWith(`${STREAM}/connectors_reactors`)), { timeout: 10_000 })
      .toMatch(/open 0 .* → .* open 5 /);
  });
});

describe('without it, as generated', () => {
  test('7, 31: the same request has no responder and changes nothing', async () => {
    const sound = await startBroker({ streams: STREAMS });
    try {
      const [watcher, attacker] = [await sound.connect('ops'), await sound.connect('runtime')];
      const before = await pictureOf(watcher);
      const body = JSON.stringify({ stream_name: STREAM, config: { name: 'runtime_cold_0', ack_policy: 'none', filter_subject: OWN, deliver_subject: `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.connectors_reactors` } });
      expect(await ask(attacker, `core.API.CONSUMER.CREATE.${STREAM}.runtime_cold_0.${OWN}`, { body })).toMatchObject({ verdict: 'refused', code: 503 });
      expect(changes(before, await pictureOf(watcher))).toEqual([]);
    } finally {
      await sound.stop();
    }
  });
});
