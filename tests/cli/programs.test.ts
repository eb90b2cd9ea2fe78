/** What the command line asks of the API for programs, and how it shows what came back. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeInstance } from './fake-instance.js';

let instance: FakeInstance;
beforeAll(async () => {
  instance = await FakeInstance.start();
});
afterAll(() => instance.stop());

const STARTED = { runId: 'abc', url: '/v1/runs/abc', program: 'parcel', version: '2', isOnRecord: true };
const RUN = {
  runId: 'abc',
  inputId: null,
  agent: null,
  program: { name: 'parcel', version: '2', parentRunId: null, epoch: 3, generation: 2, steps: 7, waits: [{ path: '8', kind: 'event', for: 'approval' }], divergence: null },
  state: 'waiting',
  waitingFor: 'event approval',
  openGates: [],
  spentMicros: 0,
  envelopeMicros: null,
  currency: null,
  outcome: null,
  startedAt: '2026-01-02T03:04:05.000Z',
  updatedAt: '2026-01-02T03:04:06.000Z',
};
const DIVERGED = { ...RUN, state: 'failed', outcome: 'diverged', waitingFor: null, program: { ...RUN.program, waits: [], divergence: { path: '1', recorded: { kind: 'step', name: 'pack', argsDigest: 'a'.repeat(64) }, replayed: null } } };

test('[V6] a program is started with JSON from the line or a file, and a key; what is no JSON never reaches the API', async () => {
  instance.answers = { 'POST /v1/programs/parcel/runs': { status: 202, body: STARTED } };
  const started = await instance.cli(['program', 'start', 'parcel', '--input', '{"to":"ada"}', '--key', 'order-1']);
  expect([started.code, started.stdout]).toEqual([0, 'abc  parcel@2\n']);
  expect(instance.asked.at(-1)?.body).toEqual({ input: { to: 'ada' }, key: 'order-1' });
  const file = join(instance.folder, 'input.json');
  await writeFile(file, '{"to":"bob"}');
  await instance.cli(['program', 'start', 'parcel', '--input', `@${file}`, '--program-version', '1']);
  expect(instance.asked.at(-1)?.body).toEqual({ input: { to: 'bob' }, version: '1' });
  await rm(file);
  const before = instance.asked.length;
  for (const wrong of ['{to:ada}', `@${file}`]) expect((await instance.cli(['program', 'start', 'parcel', '--input', wrong])).code).toBe(2);
  expect(instance.asked).toHaveLength(before);
});

test('[V6] an unknown program is said to be unknown, with those that there are', async () => {
  instance.answers = { 'POST /v1/programs/letter/runs': { status: 404, body: { error: { code: 'program.not-registered', message: 'There is no program letter. Known: parcel.', next: 'x' } } } };
  const told = await instance.cli(['program', 'start', 'letter']);
  expect([told.code, told.stderr]).toEqual([3, expect.stringContaining('Known: parcel')]);
  expect(told.stderr).toContain('./soloist program list');
});

test('[V6] programs are listed with the version that new runs take', async () => {
  const schema = { type: 'object', properties: { to: {}, count: {} }, required: ['to'] };
  instance.answers = { 'GET /v1/programs': { body: { programs: [{ name: 'parcel', newest: '2', versions: [{ version: '1', inputSchema: null, registeredAt: 't1' }, { version: '2', inputSchema: schema, registeredAt: 't2' }] }] } } };
  expect((await instance.cli(['program', 'list'])).stdout).toBe('parcel\t1\t\tanything\tt1\nparcel\t2\tnew runs\tto count?\tt2\n');
});

test('[V6] a run of a program is shown with steps, epoch, what it waits for, and both sides where it diverged', async () => {
  const of = (run: object) => ({ 'GET /v1/runs/abc': { body: run }, 'GET /v1/runs/abc/episode': { body: { runId: 'abc', commits: [] } }, 'GET /v1/runs?limit=50': { body: { runs: [run] } } });
  instance.answers = of(RUN);
  const { stdout } = await instance.cli(['run', 'show', 'abc']);
  for (const line of ['state    waiting: event approval', 'program  parcel@2', 'steps    7 ended, epoch 3, history 2', 'waits    at 8 for the event approval']) expect(stdout.split('\n')).toContain(line);
  expect((await instance.cli(['run', 'list'])).stdout).toContain('abc\tparcel@2\twaiting: event approval\t');
  instance.answers = of(DIVERGED);
  const diverged = (await instance.cli(['run', 'show', 'abc'])).stdout.split('\n');
  for (const line of ['state    failed (diverged)', 'diverged at 1', '  record  step pack (arguments aaaaaaaaaaaa)', '  code    nothing']) expect(diverged).toContain(line);
});

test('[V6] an event is sent to a run; one that has ended takes none', async () => {
  instance.answers = { 'POST /v1/runs/abc/events': { body: { runId: 'abc', eventId: 'e1', state: 'open', isOnRecord: true } } };
  const sent = await instance.cli(['run', 'send', 'abc', 'approval', '--input', '"yes"', '--key', 'k']);
  expect([sent.code, sent.stdout]).toEqual([0, 'abc  received approval\n']);
  expect(instance.asked.at(-1)?.body).toEqual({ name: 'approval', payload: 'yes', key: 'k' });
  instance.answers = { 'POST /v1/runs/abc/events': { body: { runId: 'abc', eventId: 'e1', state: 'ended', isOnRecord: false } } };
  expect((await instance.cli(['run', 'send', 'abc', 'approval'])).code).toBe(5);
});
