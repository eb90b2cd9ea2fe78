/** What the command line asks of the API for budgets and overrides, and how it says what came back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeInstance } from './fake-instance.js';

let instance: FakeInstance;
beforeAll(async () => {
  instance = await FakeInstance.start();
});
afterAll(() => instance.stop());

const STANDING = { isStopped: true, streams: 8, stoppedStreams: 8, generation: 1, by: 'operator', because: 'fire', at: '2026-11-25T10:00:00.000Z', acknowledgedInMs: 12 };
const BUDGET = { currency: 'USD', openRuns: 0, lines: [{ line: 'agent/desk/day/money', measure: 'money', mode: 'ask', limit: 2_500_000, by: 'operator', places: [{ period: '2026-11-25', name: 'desk', limit: 2_500_000, used: 10_000, reserved: 0 }] }] };

test('[V13] stop and resume press the company stop and say what was acknowledged', async () => {
  instance.answers = { 'POST /v1/company/stop': { body: STANDING }, 'POST /v1/company/resume': { body: { ...STANDING, isStopped: false, stoppedStreams: 0 } } };
  const stopped = await instance.cli(['stop', '--because', 'fire']);
  expect([stopped.code, stopped.stdout]).toEqual([0, 'stopped   acknowledged by 8 streams in 12 ms\n']);
  expect(instance.asked.at(-1)).toMatchObject({ method: 'POST', path: '/v1/company/stop', body: { because: 'fire' } });
  const resumed = await instance.cli(['resume', '--json']);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ type: 'company.resumed', isStopped: false });
});

test('[O4] a budget line is set to the micro-unit; what is no amount never reaches the API', async () => {
  instance.answers = { 'POST /v1/budget': { body: BUDGET } };
  const set = await instance.cli(['budget', 'set', 'agent/desk/day/money', '2.5', '--mode', 'ask']);
  expect([set.code, set.stdout]).toEqual([0, expect.stringContaining('agent/desk/day/money\t2026-11-25\tdesk\task')]);
  expect(instance.asked.at(-1)?.body).toEqual({ line: 'agent/desk/day/money', limit: 2_500_000, mode: 'ask' });
  const before = instance.asked.length;
  for (const wrong of ['-1', '1.2345678', 'all', '1e3']) expect((await instance.cli(['budget', 'set', 'agent/desk/day/money', '--', wrong])).code).toBe(2);
  expect(instance.asked).toHaveLength(before);
});

test('[V13] a run that is paused, and one that had ended', async () => {
  instance.answers = { 'POST /v1/runs/abc/pause': { body: { runId: 'abc', state: 'paused', isOnRecord: true } }, 'POST /v1/runs/abc/resume': { body: { runId: 'abc', state: 'ended', isOnRecord: true } } };
  const paused = await instance.cli(['run', 'pause', 'abc']);
  expect([paused.code, paused.stdout]).toEqual([0, 'abc  paused\n']);
  expect((await instance.cli(['run', 'resume', 'abc'])).code).toBe(5);
});
