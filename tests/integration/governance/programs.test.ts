/** Programs over the public API: governance as Nest serves it, a runtime that has the code, the in-memory log. */
import { ajvArgsCheck, defineProgram, ProgramRegistry, rehearsalModel, runtimeService, type Program, type RuntimePorts } from '@soloist/runtime';
import { part, runInProcess, type InProcess } from '@soloist/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { openCompany, openGate, runIdOf, until, type Company } from './company.fixture.js';

let company: Company;
let workers: InProcess[] = [];
const ran: string[] = [];

const parcel = defineProgram<{ to: string; count?: number }, string>({
  name: 'parcel',
  version: '2',
  inputSchema: { type: 'object', properties: { to: { type: 'string', minLength: 1 }, count: { type: 'integer', minimum: 1 } }, required: ['to'], additionalProperties: false },
  run: async (context, { to }) => {
    await context.step('pack', () => void ran.push(context.runId));
    const word = await context.waitFor<string>('approval');
    return `${to}: ${word}`;
  },
});
const earlier = defineProgram({ name: 'parcel', version: '1', run: () => Promise.resolve('old') });
const nap = defineProgram({ name: 'nap', version: '1', run: (context) => context.sleep(3_600_000) });

async function worker(programs: readonly Program[]): Promise<InProcess> {
  const ports: RuntimePorts = { model: rehearsalModel(), modelOfAlias: () => null, windowTokens: 1_000, prices: { ceilingOf: () => null } as never, checkArgs: ajvArgsCheck(), pause: async () => {}, programs: new ProgramRegistry(programs) };
  const started = await runInProcess([part(runtimeService, company.log.connect('runtime'), { ports, close: async () => {} })]);
  workers.push(started);
  return started;
}

beforeAll(async () => {
  company = await openCompany();
  await worker([earlier, parcel, nap]);
});
afterAll(async () => {
  for (const one of workers) await one.stop();
  await company.stop();
});

const get = (path: string): Promise<Answer> => call(company, 'GET', path);
const start = (name: string, body: unknown): Promise<Answer> => call(company, 'POST', `/v1/programs/${name}/runs`, { body });
const shown = async (runId: string, state: string): Promise<Answer['body']> => (await until(() => get(`/v1/runs/${runId}`), ({ body }) => body.state === state)).body;
const commitsOf = (runId: string) => company.log.log.history({ context: 'runtime', entity: 'loop', key: runId });

describe('[R1] [V6] a program', () => {
  test('is listed with its versions and what it takes, as the log says it; a second worker with the same says nothing', async () => {
    const { body } = await get('/v1/programs');
    expect(body.programs.map(({ name, newest }: { name: string; newest: string }) => [name, newest])).toEqual([['nap', '1'], ['parcel', '2']]);
    expect(body.programs[1].versions.map(({ version, inputSchema }: { version: string; inputSchema: object | null }) => [version, inputSchema === null])).toEqual([['1', true], ['2', false]]);
    const register = () => company.log.log.history({ context: 'runtime', entity: 'program', key: 'register' });
    const before = (await register()).length;
    expect(before).toBe(3);
    await worker([earlier, parcel, nap]);
    expect(await register()).toHaveLength(before);
  });

  test('is started once for a key, however often it is asked for and by how many at once', async () => {
    const body = { input: { to: 'ada' }, key: 'order-1' };
    const answers = await Promise.all([start('parcel', body), start('parcel', body), start('parcel', body)]);
    const again = await start('parcel', body);
    expect(new Set([...answers, again].map((answer) => answer.body.runId)).size).toBe(1);
    expect(again).toMatchObject({ status: 200, body: { program: 'parcel', version: '2', isOnRecord: true } });
    const { runId, url } = again.body;
    expect([url, answers[0]?.headers.location]).toEqual([`/v1/runs/${runId}`, `/v1/runs/${runId}`]);
    expect(answers.some(({ status }) => status === 202)).toBe(true);
    await shown(runId, 'waiting');
    expect(ran.filter((one) => one === runId)).toHaveLength(1);
    expect(await start('parcel', { ...body, input: { to: 'bob' } })).toMatchObject({ status: 409, body: { error: { code: 'program.key-taken' } } });
    expect(await start('parcel', { ...body, version: '1' })).toMatchObject({ status: 409 });
    expect((await start('parcel', { input: { to: 'ada' } })).body.runId).not.toBe(runId);
    expect(await call(company, 'GET', url)).toMatchObject({ status: 200, body: { agent: null, inputId: null, program: { name: 'parcel', version: '2', epoch: 1, steps: 1, divergence: null } } });
  });

  test('that nobody registered, or a version that nobody has, is a 404 that names those there are; nothing is started', async () => {
    expect(await start('letter', { input: null })).toMatchObject({ status: 404, body: { error: { code: 'program.not-registered', message: expect.stringContaining('nap, parcel') } } });
    expect(await start('parcel', { input: { to: 'ada' }, version: '3' })).toMatchObject({ status: 404, body: { error: { message: expect.stringContaining('Known: 1, 2') } } });
    expect((await start('Not a name', {})).status).toBe(400);
  });

  test('is not started with an input that its own schema refuses; the answer names every field', async () => {
    const before = (await get('/v1/runs?limit=500')).body.runs.length;
    const refused = await start('parcel', { input: { count: 0, secret: 'x' } });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'program.input-refused' } } });
    expect(refused.body.error.message).toMatch(/input\.count: .*input\.to: .*secret/);
    expect((await get('/v1/runs?limit=500')).body.runs).toHaveLength(before);
    // A command that came another way meets the same schema, before any code is called.
    const runId = runIdOf(9_001);
    await company.connection.log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: 'odd-command', actor: 'operator', body: { type: 'runtime.loop.start-program', program: 'parcel', version: '2', input: {}, dataSubject: 'ada' } });
    expect(await shown(runId, 'failed')).toMatchObject({ outcome: 'program.bad-input', program: { steps: 0 } });
    expect(ran).not.toContain(runId);
  });

  test('is shown with what it waits for, gets the event it waits for, once for a key, and ends with it', async () => {
    const { runId } = (await start('parcel', { input: { to: 'ada' }, key: 'order-2' })).body;
    expect(await shown(runId, 'waiting')).toMatchObject({ waitingFor: 'event approval', program: { waits: [{ path: '2', kind: 'event', for: 'approval' }] } });
    expect((await get('/v1/runs?state=waiting&limit=500')).body.runs.map((row: { runId: string }) => row.runId)).toContain(runId);
    const send = () => call(company, 'POST', `/v1/runs/${runId}/events`, { body: { name: 'approval', payload: 'yes', key: 'a' } });
    const [one, other] = await Promise.all([send(), send()]);
    expect(one).toMatchObject({ status: 200, body: { runId, isOnRecord: true } });
    expect(other.body.eventId).toBe(one.body.eventId);
    expect(await shown(runId, 'done')).toMatchObject({ outcome: 'done', waitingFor: null });
    const events = (await commitsOf(runId)).flatMap((commit) => commit.events);
    expect(events.filter(({ type }) => type === 'runtime.loop.event-received')).toHaveLength(1);
    expect(events.at(-1)?.data).toMatchObject({ value: 'ada: yes' });
    expect((await send()).body).toMatchObject({ state: 'ended', isOnRecord: true });
    expect((await call(company, 'POST', `/v1/runs/${runId}/events`, { body: { name: 'approval', key: 'b' } })).body).toMatchObject({ state: 'ended', isOnRecord: false });
    expect((await get(`/v1/runs/${runId}/episode`)).body.commits.length).toBeGreaterThan(2);
    expect((await get(`/v1/why/${runId}`)).status).toBe(200);
  });

  test('[V13] [O7] is paused, resumed and cancelled by the routes that agents have; a step of a model it has none', async () => {
    const { runId } = (await start('nap', {})).body;
    await shown(runId, 'waiting');
    const post = (verb: string, body: unknown = {}) => call(company, 'POST', `/v1/runs/${runId}/${verb}`, { body });
    expect(await post('pause', { because: 'Hold on.' })).toMatchObject({ status: 200, body: { state: 'paused', isOnRecord: true } });
    expect(await shown(runId, 'paused')).toMatchObject({ program: { waits: [{ kind: 'timer' }] } });
    expect(await post('answer', { text: 'Done.' })).toMatchObject({ status: 409, body: { error: { code: 'run.is-program' } } });
    expect(await post('resume')).toMatchObject({ status: 200, body: { state: 'running', isOnRecord: true } });
    await shown(runId, 'waiting');
    expect(await post('cancel', { because: 'Enough.' })).toMatchObject({ status: 200, body: { outcome: 'cancelled' } });
    expect(await shown(runId, 'failed')).toMatchObject({ outcome: 'cancelled', program: { waits: [] } });
    expect((await post('pause')).body).toMatchObject({ state: 'ended' });
    const by = (await commitsOf(runId)).flatMap((commit) => commit.events).find(({ type }) => type === 'runtime.loop.program-paused');
    expect(by?.data).toMatchObject({ by: 'operator', because: 'Hold on.' });
  });

  test('whose code does something else than its record ends as diverged, and both sides are shown', async () => {
    const { runId } = (await start('parcel', { input: { to: 'ada' }, key: 'order-3' })).body;
    await shown(runId, 'waiting');
    for (const one of workers) await one.stop();
    workers = [];
    const changed = defineProgram({ name: 'parcel', version: '2', run: async (context) => void (await context.step('wrap', () => null)) });
    await worker([changed]);
    await call(company, 'POST', `/v1/runs/${runId}/events`, { body: { name: 'approval', payload: 'yes' } });
    expect(await shown(runId, 'failed')).toMatchObject({ outcome: 'diverged', program: { divergence: { path: '1', recorded: { kind: 'step', name: 'pack' }, replayed: { kind: 'step', name: 'wrap' } } } });
  });

  test('events are for programs alone', async () => {
    const runId = runIdOf(77);
    await openGate(company.log, runId);
    expect(await call(company, 'POST', `/v1/runs/${runId}/events`, { body: { name: 'approval' } })).toMatchObject({ status: 409, body: { error: { code: 'run.no-program' } } });
    expect(await call(company, 'POST', `/v1/runs/${runIdOf(9_999)}/events`, { body: { name: 'approval' } })).toMatchObject({ status: 404 });
  });
});
