/** The company stop through the public API, on the in-memory log: what is acknowledged, and what does not wait in a queue. */
import { haltKeyOfStream, type AnyEvent, type StreamCount } from '@soloist/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './api-client.fixture.js';
import { eventsOf, openCompany, openInProcess, requestRun, runIdOf, say, until, type Company } from './company.fixture.js';

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

test('[V13] a stop that died half way is a whole stop after the next start, and lifting it is the operator\'s', async () => {
  const first = await openInProcess();
  await first.running.stop();
  const [key = ''] = KEYS;
  await say(first.log, 'governance', 'halt', key, { type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'cut' } });
  const second = await openInProcess(undefined, { log: first.log });
  const standing = await Promise.all(KEYS.map(async (one) => (await eventsOf(first.log, 'halt', one)).map(({ type }) => type)));
  expect(standing).toEqual(KEYS.map(() => ['governance.halt.raised']));
  await second.running.stop();
});
