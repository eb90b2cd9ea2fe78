/**
 * The full permission matrix against a real broker with the generated accounts [G23]: every identity × every subject
 * family × publish and subscribe × every JetStream API subject, compared with a table written by hand.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from '@soloist/testing';
import { ENTITY_NAMES, IDENTITIES, SERVICES, type Identity } from './expected-access.js';
import { probesOf, type Probe } from './probes.js';
import { ask, at, changes, KEY, pictureOf, stateStream, STREAMS, type Outcome } from './wire.js';

let broker: TestBroker;
let ops: NatsConnection;
const connections = new Map<Identity, NatsConnection>();
const counted = { probes: 0, allowed: 0, refused: 0, subscriptions: 0, surprises: 0 };

beforeAll(async () => {
  broker = await startBroker({ streams: STREAMS });
  ops = await broker.connect('ops');
  for (const identity of IDENTITIES) connections.set(identity, await broker.connect(identity));
  // Something to read in every place, so that an allowed read answers with a message and not with "none".
  for (const name of ENTITY_NAMES) await ops.request(at('evt', name), 'seed');
  for (const owner of SERVICES) await ops.request(`blob.hub.${owner}.${'ab'.repeat(32)}.0`, 'seed');
  await ops.request('$KV.WORKING.memory.probe', 'seed');
}, 120_000);

afterAll(async () => {
  await broker.stop();
  process.stdout.write(`permission matrix: ${JSON.stringify(counted)}\n`);
});

function as(identity: Identity): NatsConnection {
  return connections.get(identity) as NatsConnection;
}

describe('permission matrix [G23]', () => {
  test('the keys of the probes lie where the probes look', () => {
    expect(stateStream(KEY)).toBe('EVENTS-0');
  });

  test.each(IDENTITIES)('%s: whatever is not granted is refused and leaves no trace in CORE', async (identity) => {
    const refused = probesOf(identity).filter(({ expects }) => expects !== 'reached');
    const before = await pictureOf(ops);
    const surprises = (await Promise.all(refused.map(async (probe) => complaint(probe, await ask(as(identity), probe.subject, probe))))).filter((line) => line !== null);
    count(refused.length, 0, surprises);
    expect(surprises).toEqual([]);
    expect(changes(before, await pictureOf(ops))).toEqual([]);
    expect(refused.length).toBeGreaterThan(500);
  });

  test.each(IDENTITIES)('%s: whatever is granted reaches CORE', async (identity) => {
    const allowed = probesOf(identity).filter(({ expects }) => expects === 'reached');
    const surprises: string[] = [];
    for (const probe of allowed) {
      const outcome = await ask(as(identity), probe.subject, probe);
      const line = complaint(probe, outcome);
      if (line !== null) surprises.push(line);
      else if (probe.family === 'head' && outcome.message?.headers?.get('Nats-Subject') !== probe.subject.replace('core.API.DIRECT.GET.EVENTS-0.', '')) surprises.push(`${probe.subject} answered with another message`);
    }
    count(allowed.length, allowed.length, surprises);
    expect(surprises).toEqual([]);
    expect(allowed.length).toBeGreaterThan(10);
  });

  test('every stored probe of a service is its own', async () => {
    const answered = await Promise.all(SERVICES.map(async (identity) => [identity, (await ask(as(identity), at('evt', `${identity}.proof`, KEY), { body: 'own' })).code] as const));
    expect(answered).toEqual(SERVICES.map((identity) => [identity, 0]));
  });

  test.each(IDENTITIES)('%s: subscribing shows nothing that others send or that CORE holds', async (identity) => {
    const patterns = [
      '>', '*', 'evt.>', 'evt.hub.*.*.*.*', 'evt.hub.*.governance.>', 'cmd.>', 'timer.>', 'due.>', 'dead.>', 'blob.>', 'core.>', 'core.API.>',
      '$JS.>', '$JS.API.>', '$JS.ACK.>', '$JS.EVENT.>', '$JS.EVENT.ADVISORY.>', '$KV.>', '$SYS.>', '_INBOX.>', '_R_.>', '_GR_.>', ...SERVICES.map((context) => `evt.hub.*.${context}.>`),
    ];
    const seen: string[] = [];
    const subscriptions = patterns.map((pattern) => as(identity).subscribe(pattern, { callback: (error, message) => void seen.push(error === null ? `${pattern} saw ${message.subject}` : '') }));
    const control: string[] = [];
    const watch = ops.subscribe('evt.>', { callback: (_, message) => void control.push(message.subject) });
    await as(identity).flush();
    await ops.flush();
    const others = SERVICES.filter((other) => other !== identity);
    for (const other of others) await trafficOf(other);
    await ask(ops, '$JS.API.STREAM.INFO.EVENTS-0');
    await as(identity).flush();
    for (const subscription of [...subscriptions, watch]) subscription.unsubscribe();
    expect(seen.filter((line) => line !== '')).toEqual([]);
    // The control: in CORE itself all of it went by.
    expect(control.length).toBeGreaterThanOrEqual(others.length);
    counted.probes += patterns.length;
    counted.subscriptions += patterns.length;
  });

  test('at least 600 probes were made, and none surprised', () => {
    expect(counted.probes).toBeGreaterThanOrEqual(600);
    expect(counted.surprises).toBe(0);
  });
});

function complaint(probe: Probe, outcome: Outcome): string | null {
  if (outcome.verdict === probe.expects) return null;
  return `${probe.family} ${probe.subject} ${probe.body ?? ''}: expected ${probe.expects}, was ${outcome.verdict} ${outcome.code} ${outcome.text}`;
}

async function trafficOf(service: (typeof SERVICES)[number]): Promise<void> {
  const connection = as(service);
  await ask(connection, at('evt', `${service}.noise`), { body: 'noise' });
  await ask(connection, at('dead', `${service}.noise`), { body: 'noise' });
  await ask(connection, `core.API.CONSUMER.MSG.NEXT.EVENTS-0.${service}_reactors`, { body: '{"batch":1,"no_wait":true}' });
  if (service === 'governance') await ask(connection, at('cmd', 'runtime.loop'), { body: 'noise' });
  if (service === 'memory') await ask(connection, 'core.API.$KV.WORKING.memory.noise', { body: 'noise' });
}

function count(probes: number, allowed: number, surprises: readonly string[]): void {
  counted.probes += probes;
  counted.allowed += allowed;
  counted.refused += probes - allowed;
  counted.surprises += surprises.length;
}
