/**
 * The attacks of ADR 0003 that must fail, against a real broker with the generated accounts [G23]. Row numbers are
 * those of its table. A compromised runtime attacks unless said otherwise. After each attempt everything in CORE is
 * compared with before: nothing foreign stored, nothing foreign read, nobody's deliveries touched.
 */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from '@soloist/testing';
import { ask, at, changes, fire, KEY, pictureOf, settle, stateStream, STREAMS, type Outcome, type Picture, type RequestOptions } from './wire.js';

const GATE = at('evt', 'governance.gate');
const OWN = at('evt', 'runtime.loop');
const COMMAND = at('cmd', 'connectors.effect');
const STREAM = stateStream();
/** Replies an attacker would like the broker to publish to. */
const FOREIGN_REPLIES = [GATE, COMMAND, at('evt', 'connectors.effect'), at('due', 'governance.gate'), '$KV.WORKING.memory.x', `blob.hub.memory.${'cd'.repeat(32)}.0`];

let broker: TestBroker;
let ops: NatsConnection;
let runtime: NatsConnection;
let connectors: NatsConnection;
let memory: NatsConnection;
let replay: NatsConnection;
let before: Picture;
let attempts = 0;

beforeAll(async () => {
  broker = await startBroker({ streams: STREAMS });
  [ops, runtime, connectors, memory, replay] = (await Promise.all((['ops', 'runtime', 'connectors', 'memory', 'replay'] as const).map((user) => broker.connect(user)))) as [NatsConnection, NatsConnection, NatsConnection, NatsConnection, NatsConnection];
  // What there is to steal and to forge: a gate waiting for connectors, an own fact, a session in working memory.
  const governance = await broker.connect('governance');
  for (const [connection, subject] of [[governance, GATE], [runtime, OWN], [connectors, at('evt', 'connectors.effect')], [memory, 'core.API.$KV.WORKING.memory.session']] as const) {
    expect((await ask(connection, subject, { body: 'seed' })).code).toBe(0);
  }
}, 60_000);
afterAll(async () => {
  await broker.stop();
  process.stdout.write(`attacks: ${attempts} attempts\n`);
});
beforeEach(async () => {
  before = await pictureOf(ops);
});

/** Everything that changed since the test began. */
async function changed(): Promise<readonly string[]> {
  return changes(before, await pictureOf(ops));
}

async function attack(connection: NatsConnection, subject: string, reply: string | null, options: RequestOptions = {}): Promise<void> {
  attempts += 1;
  await fire(connection, subject, reply, options);
}

async function attempt(connection: NatsConnection, subject: string, options: RequestOptions = {}): Promise<Outcome> {
  attempts += 1;
  return ask(connection, subject, options);
}

/** Places of the event stream that an own fact alone may have changed. */
function isOwnFactOnly(lines: readonly string[]): boolean {
  return lines.every((line) => line.startsWith(`${STREAM}: messages `)) && lines.length <= 1;
}

async function lastOf(subject: string, stream = STREAM): Promise<Outcome> {
  return ask(ops, `$JS.API.DIRECT.GET.${stream}.${subject}`);
}

test('the comparison sees what an attack would do', async () => {
  await ask(ops, at('evt', 'governance.hold'), { body: 'planted' });
  expect(await changed()).toEqual([expect.stringMatching(/^EVENTS-0: messages 3 first 1 last 3 .* → messages 4 first 1 last 4/)]);
  before = await pictureOf(ops);
  const pulled = await ask(ops, '$JS.API.CONSUMER.MSG.NEXT.EVENTS-0.orchestrator_reactors', { body: '{"batch":1,"no_wait":true}' });
  expect(pulled.verdict).toBe('reached');
  expect(await changed()).toEqual([expect.stringMatching(/^EVENTS-0\/orchestrator_reactors: /)]);
});

describe('replies as a way around publish rights', () => {
  test('1: a direct get of an own forged fact, answered into a foreign subject, stores nothing', async () => {
    for (const reply of FOREIGN_REPLIES) {
      await attack(runtime, `core.API.DIRECT.GET.${STREAM}.${OWN}`, reply);
      await attack(runtime, `core.API.DIRECT.GET.${STREAM}`, reply, { body: '{"seq":1,"batch":3}' });
      await attack(runtime, `$JS.API.DIRECT.GET.${STREAM}.${OWN}`, reply);
    }
    expect(await changed()).toEqual([]);
  });

  test('1: nor does replay, with its right to every stream', async () => {
    for (const reply of FOREIGN_REPLIES) {
      await attack(replay, `core.API.DIRECT.GET.${STREAM}.${OWN}`, reply);
      await attack(replay, `core.API.DIRECT.GET.${STREAM}`, reply, { body: '{"seq":1,"batch":3}' });
    }
    expect(await changed()).toEqual([]);
  });

  test.each(FOREIGN_REPLIES)('2: an own fact published with reply %s stores the own fact and nothing else', async (reply) => {
    await attack(runtime, OWN, reply, { body: 'own' });
    const lines = await changed();
    expect(lines.length).toBe(1);
    expect(isOwnFactOnly(lines)).toBe(true);
    expect((await lastOf(OWN)).message?.string()).toBe('own');
  });

  test('3: pull, consumer info, +NXT and timer answered into a gate store nothing', async () => {
    const pulled = await ask(runtime, `core.API.CONSUMER.MSG.NEXT.${STREAM}.runtime_reactors`, { body: '{"batch":1,"no_wait":true}' });
    const own = (pulled.message as Msg).reply as string;
    expect(own).toMatch(/^\$JS\.ACK\.EVENTS-0\.runtime_reactors\./);
    before = await pictureOf(ops);
    await attack(runtime, `core.API.CONSUMER.INFO.${STREAM}.runtime_reactors`, GATE);
    expect(await changed()).toEqual([]);
    await attack(runtime, `core.API.CONSUMER.MSG.NEXT.${STREAM}.runtime_reactors`, GATE, { body: '{"batch":5,"no_wait":true}' });
    await attack(runtime, own, GATE, { body: '+NXT {"batch":1,"no_wait":true}' });
    await attack(runtime, at('timer', 'runtime.loop', 'timer-three'), GATE, { body: 'x', headers: { 'Nats-Schedule': '@at 2099-01-01T00:00:00Z', 'Nats-Schedule-Target': at('due', 'runtime.loop') } });
    // Only its own deliveries and its own timers moved.
    for (const line of await changed()) expect(line).toMatch(/^(EVENTS-\d\/runtime_reactors|TIMERS-runtime): /);
  });

  test("4, 5: connectors' delivery can be neither acknowledged nor terminated by another, in no way", async () => {
    const pulled = await ask(connectors, `core.API.CONSUMER.MSG.NEXT.${STREAM}.connectors_reactors`, { body: '{"batch":1,"no_wait":true}' });
    const delivery = (pulled.message as Msg).reply as string;
    expect(delivery).toMatch(/^\$JS\.ACK\.EVENTS-0\.connectors_reactors\./);
    const violations: string[] = [];
    void (async () => {
      for await (const status of runtime.status()) if (status.type === 'error') violations.push(String(status.error));
    })();
    before = await pictureOf(ops);
    for (const body of ['', '+TERM', '+ACK']) {
      await attack(runtime, `core.API.DIRECT.GET.${STREAM}.${OWN}`, delivery, { body });
      await attack(runtime, delivery, null, { body });
      await attack(runtime, delivery, GATE, { body });
    }
    await attack(runtime, `core.API.DIRECT.GET.${STREAM}.${OWN}`, '_R_.abcdef.ghijkl');
    expect(await changed()).toEqual([]);
    await attack(runtime, OWN, delivery, { body: '+TERM' });
    expect((await changed()).filter((line) => !isOwnFactOnly([line]))).toEqual([]);
    expect(violations.join('\n')).toMatch(/Publish with Reply/i);
    // The rightful owner still can.
    connectors.publish(delivery, '+ACK');
    await settle(connectors);
    expect(await changed()).toEqual(expect.arrayContaining([expect.stringMatching(/^EVENTS-0\/connectors_reactors: .* open 1 .* → .* open 0 /)]));
  });

  test('6: a reply to the purge and delete API does nothing', async () => {
    for (const reply of [`$JS.API.STREAM.PURGE.${STREAM}`, `core.API.STREAM.PURGE.${STREAM}`, `$JS.API.STREAM.DELETE.${STREAM}`, `$JS.API.CONSUMER.DELETE.${STREAM}.connectors_reactors`]) {
      await attack(runtime, `core.API.DIRECT.GET.${STREAM}.${OWN}`, reply);
      await attack(runtime, `core.API.DIRECT.GET.${STREAM}`, reply, { body: '{"seq":1,"batch":2}' });
    }
    expect(await changed()).toEqual([]);
  });

  test('21: trace destinations are no way in', async () => {
    for (const only of [undefined, 'true']) {
      const headers = { 'Nats-Trace-Dest': GATE, ...(only === undefined ? {} : { 'Nats-Trace-Only': only }) };
      await attack(runtime, OWN, null, { body: 'traced', headers });
    }
    const lines = await changed();
    expect(isOwnFactOnly(lines)).toBe(true);
    expect((await lastOf(GATE)).message?.string()).toBe('seed');
  });
});

describe("others' consumers, streams and the API", () => {
  const names = ['core.API', '$JS.API', '$JS.hub.API'];

  test.each(names)("7, 9, 10: %s reaches no call on connectors' consumer and no pause of the own", async (api) => {
    const config = { stream_name: STREAM, config: { durable_name: 'connectors_reactors', name: 'connectors_reactors', ack_policy: 'explicit', filter_subject: OWN }, action: '' };
    const calls: readonly (readonly [string, string])[] = [
      [`CONSUMER.CREATE.${STREAM}.connectors_reactors.${OWN}`, JSON.stringify(config)],
      [`CONSUMER.CREATE.${STREAM}.connectors_reactors`, JSON.stringify(config)],
      [`CONSUMER.CREATE.${STREAM}`, JSON.stringify(config)],
      [`CONSUMER.DURABLE.CREATE.${STREAM}.connectors_reactors`, JSON.stringify(config)],
      [`CONSUMER.MSG.NEXT.${STREAM}.connectors_reactors`, '{"batch":1,"no_wait":true}'],
      [`CONSUMER.INFO.${STREAM}.connectors_reactors`, ''],
      [`CONSUMER.DELETE.${STREAM}.connectors_reactors`, ''],
      [`CONSUMER.UNPIN.${STREAM}.connectors_reactors`, '{"group":"a"}'],
      [`CONSUMER.LIST.${STREAM}`, ''],
      [`CONSUMER.NAMES.${STREAM}`, ''],
      [`CONSUMER.PAUSE.${STREAM}.runtime_reactors`, '{"pause_until":"2099-01-01T00:00:00Z"}'],
    ];
    for (const [call, body] of calls) expect((await attempt(runtime, `${api}.${call}`, { body })).verdict, call).toBe('refused');
    // The account's own API takes a reset without a word; that nothing moves is what counts.
    await attack(runtime, `${api}.CONSUMER.RESET.${STREAM}.connectors_reactors`, 'answer.reset', { body: '{"seq":1}' });
    expect(await changed()).toEqual([]);
  });

  test.each(names)('10, 11: %s reaches no stream call', async (api) => {
    for (const [call, body] of [
      ['STREAM.INFO', ''], ['STREAM.PURGE', ''], ['STREAM.PURGE', `{"filter":"${GATE}"}`], ['STREAM.DELETE', ''], ['STREAM.UPDATE', `{"name":"${STREAM}","max_msgs":1}`],
      ['STREAM.CREATE', `{"name":"${STREAM}","subjects":["evt.>"]}`], ['STREAM.MSG.GET', '{"seq":1}'], ['STREAM.MSG.DELETE', '{"seq":1}'], ['STREAM.SNAPSHOT', '{"deliver_subject":"leak"}'], ['STREAM.RESTORE', '{}'],
    ] as const) {
      expect((await attempt(runtime, `${api}.${call}.${STREAM}`, { body })).verdict, call).toBe('refused');
    }
    for (const call of ['INFO', 'STREAM.NAMES', 'STREAM.LIST']) expect((await attempt(runtime, `${api}.${call}`)).verdict, call).toBe('refused');
    await attack(runtime, `${api}.SERVER.REMOVE`, 'answer.remove', { body: '{"peer":"soloist-test"}' });
    expect(await changed()).toEqual([]);
  });

  test('15: a forged Nats-Request-Info changes nothing', async () => {
    const headers = { 'Nats-Request-Info': JSON.stringify({ acc: 'CORE', rtt: 1, start: '2026-01-01T00:00:00Z', user: 'bootstrap', reply: GATE }) };
    for (const api of names) {
      for (const call of [`STREAM.DELETE.${STREAM}`, `STREAM.PURGE.${STREAM}`, `STREAM.INFO.${STREAM}`, `CONSUMER.DELETE.${STREAM}.connectors_reactors`]) {
        expect((await attempt(runtime, `${api}.${call}`, { headers })).verdict).toBe('refused');
      }
    }
    expect(await changed()).toEqual([]);
    await attack(runtime, OWN, null, { headers, body: 'own' });
    expect(isOwnFactOnly(await changed())).toBe(true);
  });
});

describe('connectors, which has no whole-log read', () => {
  const LOOP = `core.API.DIRECT.GET.${STREAM}.${OWN}`;

  test('12: neither sequences nor unlisted entities nor wider keys answer', async () => {
    for (const subject of [
      `core.API.DIRECT.GET.${STREAM}`,
      `core.API.DIRECT.GET.${STREAM}.${at('evt', 'orchestrator.run')}`,
      `core.API.DIRECT.GET.${STREAM}.${at('evt', 'governance.budget')}`,
      `core.API.DIRECT.GET.${STREAM}.${at('evt', 'memory.fact')}`,
      `core.API.DIRECT.GET.${STREAM}.evt.>`,
      `core.API.DIRECT.GET.${STREAM}.evt.hub.>`,
      `core.API.DIRECT.GET.${STREAM}.>`,
      `core.API.DIRECT.GET.${STREAM}.evt.hub.*.*.*.*`,
      `core.API.DIRECT.GET.*.>`,
    ]) {
      expect((await attempt(connectors, subject, { body: subject.endsWith(STREAM) ? '{"seq":1}' : '' })).verdict, subject).toBe('refused');
    }
    expect(await changed()).toEqual([]);
  });

  test('13: a wildcard inside an allowed key answers with what is allowed only', async () => {
    const answered = await attempt(connectors, `core.API.DIRECT.GET.${STREAM}.evt.hub.*.runtime.loop.*`);
    if (answered.verdict === 'reached' && answered.code === 0) expect(answered.message?.headers?.get('Nats-Subject')).toMatch(/^evt\.hub\.\d\d\.runtime\.loop\./);
    else expect(answered.verdict).toBe('refused');
    for (const key of ['evt.hub.*.runtime.*.*', 'evt.hub.*.*.loop.*', 'evt.*.*.runtime.loop.*']) expect((await attempt(connectors, `core.API.DIRECT.GET.${STREAM}.${key}`)).verdict, key).toBe('refused');
  });

  test.each(['{"seq":1}', '{"multi_last":["evt.>"]}', `{"last_by_subj":"${at('evt', 'governance.budget')}"}`, '{"seq":1,"batch":10}', '{"next_by_subj":"evt.>","seq":1}'])('14: an allowed key with body %s is a bad request, not a wider read', async (body) => {
    expect(await attempt(connectors, LOOP, { body })).toMatchObject({ verdict: 'reached', code: 408, text: 'Bad Request' });
  });

  test('working memory and its changes stay closed', async () => {
    expect((await attempt(connectors, 'core.API.DIRECT.GET.KV_WORKING.$KV.WORKING.memory.session')).verdict).toBe('refused');
    expect((await attempt(connectors, 'core.API.$KV.WORKING.memory.session', { body: 'x' })).verdict).toBe('refused');
    expect(await changed()).toEqual([]);
  });
});

describe('forged subjects', () => {
  test('16: no service speaks for another, for an edge, for the clock or for the operator', async () => {
    const subjects = [
      GATE, at('evt', 'connectors.effect'), at('evt', 'orchestrator.run'), at('evt', 'memory.fact'), COMMAND, at('due', 'runtime.loop'), at('due', 'governance.gate'), at('timer', 'governance.gate'), at('dead', 'governance.gate'),
      `evt.edge-7.12.runtime.loop.${KEY}`, `cmd.edge-7.12.runtime.loop.${KEY}`, '$KV.WORKING.memory.x', 'core.API.$KV.WORKING.memory.x', `blob.hub.memory.${'ef'.repeat(32)}.0`, '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.EVENTS-0.connectors_reactors',
      'evt.hub.*.governance.gate.*', 'evt.hub.>', `${OWN}.more`, `evt.hub.99.runtime.loop.${KEY}`,
    ];
    for (const subject of subjects) expect((await attempt(runtime, subject, { body: 'forged' })).verdict, subject).toBe('refused');
    expect(await changed()).toEqual([]);
  });

  test('17: a timer reaches nothing but the own due subject', async () => {
    const timer = at('timer', 'runtime.loop', 'timer-attack');
    for (const target of [at('due', 'governance.gate'), COMMAND, GATE, OWN]) {
      const outcome = await attempt(runtime, timer, { body: 'x', headers: { 'Nats-Schedule': '@at 2020-01-01T00:00:00Z', 'Nats-Schedule-Target': target } });
      expect(outcome.code, target).toBe(10190);
    }
    for (const source of [GATE, at('timer', 'governance.gate')]) {
      const outcome = await attempt(runtime, timer, { body: 'x', headers: { 'Nats-Schedule': '@at 2099-01-01T00:00:00Z', 'Nats-Schedule-Target': at('due', 'runtime.loop'), 'Nats-Schedule-Source': source } });
      expect(outcome.code, source).toBe(10203);
    }
    expect(await changed()).toEqual([]);
  });

  test.each([
    ['Nats-Rollup', 'all', 10111], ['Nats-Rollup', 'sub', 10111], ['Nats-TTL', '1s', 10166], ['Nats-Incr', '1', 10168], ['Nats-Schedule', '@at 2099-01-01T00:00:00Z', 10188],
    ['Nats-Expected-Stream', 'OTHER', 10060], ['Nats-Stream-Source', 'UP_edge-7:abc 1 > > evt', 10227],
  ])('19: %s: %s on an own fact is refused', async (header, value, code) => {
    const headers = { [header]: value, ...(header === 'Nats-Schedule' ? { 'Nats-Schedule-Target': OWN } : {}) };
    expect((await attempt(runtime, OWN, { body: 'x', headers })).code).toBe(code);
    expect(await changed()).toEqual([]);
  });

  test('20: broker headers forged on an own fact are stored as plain headers of an own fact', async () => {
    for (const headers of [{ 'Nats-Marker-Reason': 'MaxAge' }, { 'Nats-Required-Api-Level': '99' }]) await attempt(runtime, OWN, { body: 'noise', headers });
    expect(isOwnFactOnly(await changed())).toBe(true);
  });

  test('22: a message id spent by one service swallows no commit of another', async () => {
    const id = { 'Nats-Msg-Id': 'm1' };
    expect((await attempt(runtime, OWN, { body: 'first', headers: id })).code).toBe(0);
    const effect = await ask(connectors, at('evt', 'connectors.effect'), { body: 'claim' });
    expect(effect.message?.json<{ duplicate?: boolean; seq: number }>()).toMatchObject({ seq: expect.any(Number) as number });
    expect(effect.message?.json<{ duplicate?: boolean }>().duplicate).toBeUndefined();
    expect((await lastOf(at('evt', 'connectors.effect'))).message?.string()).toBe('claim');
  });

  test('23, 24: atomic batches are switched off, so none can be hijacked or hoarded', async () => {
    for (let index = 0; index < 60; index += 1) {
      const outcome = await attempt(runtime, OWN, { body: 'x', headers: { 'Nats-Batch-Id': `b${index}`, 'Nats-Batch-Sequence': '1' } });
      expect(outcome.code).toBe(10174);
    }
    expect(await changed()).toEqual([]);
  });
});

describe('shared stores', () => {
  test('25: working memory is written by memory only, and read by runtime only where listed', async () => {
    for (const subject of ['core.API.$KV.WORKING.memory.session', 'core.API.$KV.WORKING.runtime.x', 'core.API.$KV.SECRETS.memory.x', 'core.API.DIRECT.GET.KV_WORKING.$KV.WORKING.runtime.x', 'core.API.DIRECT.GET.KV_WORKING', 'core.API.DIRECT.GET.KV_WORKING.$KV.>']) {
      expect((await attempt(runtime, subject, { body: subject.endsWith('KV_WORKING') ? '{"seq":1}' : 'x' })).verdict, subject).toBe('refused');
    }
    expect((await attempt(memory, 'core.API.$KV.WORKING.runtime.x', { body: 'x' })).verdict).toBe('refused');
    expect(await changed()).toEqual([]);
  });

  test('26: a rollup on an own key erases nothing', async () => {
    for (const rollup of ['all', 'sub']) expect((await attempt(memory, 'core.API.$KV.WORKING.memory.other', { body: 'x', headers: { 'Nats-Rollup': rollup } })).code).toBe(10111);
    expect(await changed()).toEqual([]);
  });

  test("27: a blob is written once, and only in the own name", async () => {
    const own = `blob.hub.runtime.${'12'.repeat(32)}.0`;
    expect((await attempt(runtime, own, { body: 'first' })).code).toBe(0);
    before = await pictureOf(ops);
    expect((await attempt(runtime, own, { body: 'second' })).code).toBe(10077);
    expect((await attempt(runtime, own, { body: 'second', headers: { 'Nats-Rollup': 'all' } })).code).toBe(10111);
    expect((await attempt(runtime, `blob.hub.governance.${'12'.repeat(32)}.0`, { body: 'x' })).verdict).toBe('refused');
    expect(await changed()).toEqual([]);
    expect((await lastOf(own, 'BLOBS')).message?.string()).toBe('first');
  });

  test('28: subscribing > in the own account shows nothing foreign', async () => {
    const seen: string[] = [];
    const subscription = runtime.subscribe('>', { callback: (_, message) => void seen.push(message.subject) });
    await runtime.flush();
    await ask(connectors, at('evt', 'connectors.effect'), { body: 'secret' });
    await ask(memory, 'core.API.$KV.WORKING.memory.session', { body: 'secret' });
    await runtime.flush();
    subscription.unsubscribe();
    attempts += 1;
    expect(seen).toEqual([]);
  });
});
