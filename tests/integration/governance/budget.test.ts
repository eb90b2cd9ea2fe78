/** Budget lines, corrections, extensions and costs through the public API, on the in-memory log. */
import type { BudgetEvent } from '@soloist/contracts';
import { apiShapes } from '@soloist/governance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { claimed, eventsOf, finished, openCompany, requestRun, runIdOf, say, until, type Company } from './company.fixture.js';

let company: Company;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const get = (path: string): Promise<Answer> => call(company, 'GET', path);
const post = (path: string, body: unknown): Promise<Answer> => call(company, 'POST', path, { body });
const ledger = async (): Promise<readonly BudgetEvent[]> => (await eventsOf(company.log, 'budget', 'company')) as readonly BudgetEvent[];
const holdOf = (runId: string) => until(() => eventsOf(company.log, 'hold', runId), (events) => events.length > 0);

/** A run of 200 000 micro-units that is granted and spends what it is told. */
async function spend(number: number, micros: number): Promise<string> {
  const runId = runIdOf(number);
  await requestRun(company.log, runId);
  await holdOf(runId);
  const ask = { askId: `${runId.slice(0, 24)}-a1`, step: 1, epoch: 1, model: 'acme-1', messages: [], messagesBlob: null, tools: [], promptDigest: 'a'.repeat(64), maxOutputTokens: 100, ceilingMicros: 150_000, ceilingTokens: 900, price: { source: 'test', version: '1' }, dataSubject: 'subject-1' };
  const answer = { askId: ask.askId, model: 'acme-1-large', rehearsal: false, text: 'Done.', toolCalls: [], finishReason: 'stop', inputTokens: 300, outputTokens: 20, costMicros: micros, dataSubject: 'subject-1' };
  await say(company.log, 'runtime', 'loop', runId, claimed(runId), { type: 'runtime.loop.model-asked', data: ask });
  await say(company.log, 'runtime', 'loop', runId, { type: 'runtime.loop.model-answered', data: answer }, finished(micros));
  await until(ledger, (events) => events.some((event) => event.type === 'governance.budget.settled' && event.data.runId === runId));
  return runId;
}

describe('budget lines', () => {
  test('[O4] [B9] a line that the operator sets holds from then on, says what is used, and is taken away again', async () => {
    await spend(1, 50_000);
    const set = await post('/v1/budget', { line: 'agent/desk/month/money', limit: 250_000 });
    expect(set.status).toBe(200);
    await spend(2, 120_000);
    const { lines } = apiShapes.BudgetList.parse((await get('/v1/budget')).body);
    expect(lines.find(({ line }) => line === 'agent/desk/month/money')).toMatchObject({ mode: 'hard', limit: 250_000, by: 'operator', places: [{ name: 'desk', used: 120_000, reserved: 0 }] });
    await requestRun(company.log, runIdOf(3));
    expect((await holdOf(runIdOf(3)))[0]).toMatchObject({ type: 'governance.hold.refused', data: { code: 'budget.exhausted', because: expect.stringContaining('agent/desk/month/money') as string } });
    expect((await post('/v1/budget', { line: 'agent/desk/month/money', limit: null })).body.lines.map(({ line }: { line: string }) => line)).toEqual(['company/day/money']);
    await spend(4, 1);
  });

  test.each([
    ['a name that is none', { line: 'agent/desk/week/money', limit: 1 }, 400],
    ['a limit below zero', { line: 'company/day/money', limit: -1 }, 400],
    ['the company without a limit', { line: 'company/day/money', limit: null }, 422],
    ['the company with a mere warning', { line: 'company/day/money', limit: 5, mode: 'soft' }, 422],
  ])('[O4] %s is refused at once and leaves nothing on record', async (_what, wish, status) => {
    const before = await ledger();
    const { status: answered, body } = await post('/v1/budget', wish);
    expect([answered, typeof body.error.message]).toEqual([status, 'string']);
    expect(await ledger()).toEqual(before);
  });

  test('[O4] a soft line warns on the record and holds nobody', async () => {
    await post('/v1/budget', { line: 'client/*/day/money', limit: 100_000, mode: 'soft' });
    await spend(1, 10_000);
    expect((await ledger()).filter(({ type }) => type === 'governance.budget.warned')).toMatchObject([{ data: { line: 'client/*/day/money', name: 'subject-1', limit: 100_000, committed: 200_000 } }]);
  });

  test('[O4] a line that asks lets a run wait; the operator extends it by what is missing, or refuses', async () => {
    await post('/v1/budget', { line: 'agent/*/day/money', limit: 250_000, mode: 'ask' });
    await spend(1, 100_000);
    const [second, third] = [runIdOf(2), runIdOf(3)];
    for (const runId of [second, third]) {
      await requestRun(company.log, runId);
      expect((await holdOf(runId))[0]).toMatchObject({ type: 'governance.hold.asked' });
    }
    expect(apiShapes.ExtensionList.parse((await get('/v1/budget/asks')).body).asks.map(({ runId }) => runId).toSorted()).toEqual([second, third].toSorted());
    expect((await post(`/v1/budget/asks/${second}`, { decision: 'extend', because: 'worth it' })).body).toEqual({ runId: second, state: 'granted' });
    expect((await post(`/v1/budget/asks/${third}`, { decision: 'refuse', because: 'not worth it' })).body).toEqual({ runId: third, state: 'refused' });
    expect((await eventsOf(company.log, 'hold', second)).map(({ type }) => type)).toEqual(['governance.hold.asked', 'governance.hold.extended', 'governance.hold.granted']);
    expect((await ledger()).filter(({ type }) => type === 'governance.budget.extended')).toMatchObject([{ data: { name: 'desk', amount: 50_000, runId: second, by: 'operator' } }]);
    expect((await post(`/v1/budget/asks/${second}`, { decision: 'refuse' })).body).toEqual({ runId: second, state: 'granted' });
    expect((await post(`/v1/budget/asks/${runIdOf(9)}`, { decision: 'extend' })).status).toBe(404);
  });

  test('[O4] [V13] a run that waits for an extension is not admitted while the company is stopped, whoever answers; after the stop it is', async () => {
    await post('/v1/budget', { line: 'agent/*/day/money', limit: 100_000, mode: 'ask' });
    const runId = runIdOf(1);
    await requestRun(company.log, runId);
    await holdOf(runId);
    expect((await post('/v1/company/stop', { because: 'fire' })).status).toBe(200);
    const refused = await post(`/v1/budget/asks/${runId}`, { decision: 'extend', because: 'go on' });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'budget.stopped']);
    // Also a wish that was under way already.
    const body = { type: 'governance.hold.decide-extension', runId, decision: 'extend', by: 'operator', because: 'go on' };
    await company.log.connect('governance').log.command({ context: 'governance', entity: 'hold', key: runId }, { id: 'a'.repeat(32), actor: 'operator', body });
    await until(() => eventsOf(company.log, 'hold', runId), (events) => events.some(({ type }) => type === 'governance.hold.extended'));
    // Waiting leaves no trace, so something later is waited for that a stop does not hold up: the end of another run.
    const other = runIdOf(2);
    await say(company.log, 'orchestrator', 'run', other, { type: 'orchestrator.run.closed', data: { runId: other, outcome: 'cancelled', because: 'enough' } });
    await holdOf(other);
    expect((await ledger()).filter(({ type }) => type === 'governance.budget.reserved')).toEqual([]);
    expect((await eventsOf(company.log, 'hold', runId)).map(({ type }) => type)).not.toContain('governance.hold.granted');
    await post('/v1/company/resume', { because: 'out' });
    await until(() => eventsOf(company.log, 'hold', runId), (events) => events.some(({ type }) => type === 'governance.hold.granted'));
  });

  test('[G11] the books settle by the provider\'s figures in every measure', async () => {
    await spend(1, 30_000);
    expect((await ledger()).find(({ type }) => type === 'governance.budget.settled')).toMatchObject({ data: { spentMicros: 30_000, usage: { tokens: 320, calls: 1 } } });
  });
});

describe('corrections and costs', () => {
  test('[V2] a bill that says otherwise is booked as a correction, once, and only for a run that is settled', async () => {
    const runId = await spend(1, 30_000);
    const corrected = await post('/v1/budget/corrections', { runId, afterMicros: 42_000, because: 'invoice 7' });
    expect(corrected.body).toMatchObject({ runId, beforeMicros: 30_000, afterMicros: 42_000 });
    expect((await get('/v1/budget')).body.lines[0].places[0]).toMatchObject({ used: 42_000, reserved: 0 });
    expect((await post('/v1/budget/corrections', { runId, afterMicros: 42_000, because: 'again' })).status).toBe(409);
    expect((await post('/v1/budget/corrections', { runId: runIdOf(9), afterMicros: 1, because: 'never was' })).body.error.code).toBe('budget.not-settled');
  });

  test('[V2] [B8] costs add up to the same whatever they are added up by', async () => {
    for (const [number, micros] of [50_000, 70_000, 1_000].entries()) await spend(number, micros);
    for (const by of ['agent', 'version', 'feature', 'workflow', 'client', 'model', 'price', 'day']) {
      const costs = apiShapes.Costs.parse((await get(`/v1/costs?by=${by}`)).body);
      expect([by, costs.totalMicros, costs.rows.reduce((sum, { calls }) => sum + calls, 0), costs.rows.reduce((sum, { inputTokens }) => sum + inputTokens, 0)]).toEqual([by, 121_000, 3, 900]);
    }
    expect((await get('/v1/costs?by=price')).body.rows[0].key).toBe('test@1');
    expect((await get('/v1/costs?by=client')).body.rows).toMatchObject([{ key: 'subject-1', runs: 3 }]);
    expect((await get('/v1/costs?since=2999-01-01')).body).toMatchObject({ totalMicros: 0, rows: [] });
    expect((await get('/v1/costs?by=mood')).status).toBe(400);
  });
});
