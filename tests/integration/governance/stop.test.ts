/** The company stop through the public API, on the in-memory log: what is acknowledged, and what does not wait in a queue. */
import { haltKeyOfStream, type AnyEvent, type StreamCount } from '@soloist/contracts';
import { createMemoryLog, type Broker } from '@soloist/eventlog';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './api-client.fixture.js';
import { eventsOf, HeldTime, openCompany, openInProcess, requestRun, runIdOf, say, until, type Company } from './company.fixture.js';

let company: Company;
const STREAMS: StreamCount = 8;
const KEYS = Array.from({ length: STREAMS }, (_, stream) => haltKeyOfStream(stream, STREAMS));
const halts = (): Promise<(readonly AnyEvent[])[]> => Promise.all(KEYS.map((key) => eventsOf(company.log, 'halt', key)));

beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

test('[V13] [G25] a stop is acknowledged when every stream has it, once, whoever presses how often; and is lifted the same way', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => call(company, 'POST', '/v1/company/stop', { body: { because: 'fire' } })));
  for (const { status, body } of answers) expect([status, body.isStopped, body.stoppedStreams, body.generation]).toEqual([200, true, STREAMS, 1]);
  for (const events of await halts()) expect(events).toEqual([{ type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'fire' } }]);
  expect((await call(company, 'GET', '/v1/company')).body).toMatchObject({ isStopped: true, by: 'operator', because: 'fire' });
  expect((await call(company, 'POST', '/v1/company/resume', { body: {} })).body).toMatchObject({ isStopped: false, stoppedStreams: 0 });
  for (const events of await halts()) expect(events.map(({ type }) => type)).toEqual(['governance.halt.raised', 'governance.halt.lifted']);
});

test('[V13] while the company is stopped nobody is admitted, and nobody is lost: the run that waited is admitted after the stop', async () => {
  await call(company, 'POST', '/v1/company/stop', { body: {} });
  const runId = runIdOf(1);
  await requestRun(company.log, runId);
  // Waiting leaves no trace, so something later is waited for that a stop does not hold up: the end of another run.
  const other = runIdOf(2);
  await say(company.log, 'orchestrator', 'run', other, { type: 'orchestrator.run.closed', data: { runId: other, outcome: 'cancelled', because: 'enough' } });
  await until(() => eventsOf(company.log, 'hold', other), (events) => events.length > 0);
  expect(await eventsOf(company.log, 'hold', runId)).toEqual([]);
  await call(company, 'POST', '/v1/company/resume', { body: {} });
  const held = await until(() => eventsOf(company.log, 'hold', runId), (events) => events.length > 0);
  expect(held.map(({ type }) => type)).toEqual(['governance.hold.granted']);
});

test('[V13] a stop that died half way is made whole once nobody is at it any more, and lifting it is the operator\'s', async () => {
  const log = createMemoryLog({ streams: STREAMS });
  const [key = '', other = ''] = KEYS;
  const types = (): Promise<string[][]> => Promise.all(KEYS.map(async (one) => (await eventsOf(log, 'halt', one)).map(({ type }) => type.replace('governance.halt.', ''))));
  await say(log, 'governance', 'halt', key, { type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'cut' } });
  const time = new HeldTime('2026-11-25T00:00:00.000Z');
  const { running } = await openInProcess(undefined, { log, time });
  await time.makeRounds();
  await say(log, 'governance', 'halt', other, { type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'a press under way' } });
  await time.makeRounds();
  expect(await types()).toEqual(KEYS.map((one) => (one === key || one === other ? ['raised'] : [])));
  await time.makeRounds();
  expect(await types()).toEqual(KEYS.map(() => ['raised']));
  await running.stop();
});

test('[V13] a lifting that comes while an interrupted stop is completed is not undone by it', async () => {
  const log = createMemoryLog({ streams: STREAMS });
  const [key = '', other = ''] = KEYS;
  await say(log, 'governance', 'halt', key, { type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'cut' } });
  // Between its look and its first commit the operator lifts what was raised; nothing else stood, so nothing else is written.
  let isLifted = false;
  const wire = (broker: Broker): Broker => ({
    ...broker,
    publish: async (message) => {
      if (!isLifted && message.subject.endsWith(`.halt.${other}`)) {
        isLifted = true;
        await say(log, 'governance', 'halt', key, { type: 'governance.halt.lifted', data: { generation: 1, by: 'operator', because: 'on with it' } });
      }
      return broker.publish(message);
    },
  });
  const time = new HeldTime('2026-11-25T00:00:00.000Z');
  const { running } = await openInProcess(undefined, { log: { ...log, connect: (party) => log.connect(party, wire) }, time });
  await time.makeRounds();
  await time.makeRounds();
  expect(isLifted).toBe(true);
  for (const one of KEYS) expect((await eventsOf(log, 'halt', one)).at(-1)?.type ?? 'governance.halt.lifted').toBe('governance.halt.lifted');
  await running.stop();
});

test('[V13] a stop that the operator presses behind that lifting stands, whatever was seen in between', async () => {
  const log = createMemoryLog({ streams: STREAMS });
  const [key = '', other = ''] = KEYS;
  const said = (one: string, verb: 'raised' | 'lifted', generation: number): Promise<unknown> => say(log, 'governance', 'halt', one, { type: `governance.halt.${verb}`, data: { generation, by: 'operator', because: 'FIRE' } });
  await said(key, 'raised', 1);
  // Raised here everywhere; then lifted everywhere and stopped anew by the operator, between the looks at two streams.
  let looks = 0;
  const wire = (broker: Broker): Broker => ({
    ...broker,
    publish: async (message) => {
      const stored = await broker.publish(message);
      if (message.subject.endsWith(`.halt.${other}`) && looks === 0) looks = 1;
      return stored;
    },
    last: async (stream, subject) => {
      if (looks !== 1 || !subject.endsWith(`.halt.${key}`)) return broker.last(stream, subject);
      looks = 2;
      for (const one of KEYS) await said(one, 'lifted', 1);
      const seen = await broker.last(stream, subject);
      for (const one of KEYS) await said(one, 'raised', 2);
      return seen;
    },
  });
  const time = new HeldTime('2026-11-25T00:00:00.000Z');
  const { running } = await openInProcess(undefined, { log: { ...log, connect: (party) => log.connect(party, wire) }, time });
  await time.makeRounds();
  await time.makeRounds();
  expect(looks).toBe(2);
  for (const one of KEYS) expect((await eventsOf(log, 'halt', one)).at(-1)).toMatchObject({ type: 'governance.halt.raised', data: { generation: 2 } });
  await running.stop();
});
