/** Governance's rows in a real PostgreSQL: equal to those in memory, and equal again after they were dropped. */
import { derivedId } from '@soloist/eventlog';
import { PostgresGovernanceView, type GovernanceView } from '@soloist/governance';
import { silentLogger } from '@soloist/telemetry';
import { startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimed, effectRequested, finished, gateEvents, openGate, openInProcess, requestRun, runIdOf, say, until, eventsOf } from './company.fixture.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

type Opened = Awaited<ReturnType<typeof openInProcess>>;

/** Runs in every state, two gates in one run, a refused one, an inbox item, and a late gate for an unknown outcome. */
async function history(log: Opened['log']): Promise<void> {
  for (let number = 0; number < 3; number += 1) {
    const { gateId, digest } = await openGate(log, runIdOf(number));
    const body = { type: 'governance.gate.decide', runId: runIdOf(number), gateId, decision: number === 1 ? 'reject' : 'approve', digest, by: 'operator', surface: 'cli', reason: null };
    if (number < 2) await log.connect('governance').log.command({ context: 'governance', entity: 'gate', key: runIdOf(number) }, { id: `c-${number}`, actor: 'operator', body });
    if (number < 2) await until(() => gateEvents(log, runIdOf(number)), (events) => events.some((event) => event.type === 'governance.gate.decided'));
  }
  const ask = { step: 1, epoch: 1, model: 'acme-1', messages: [], messagesBlob: null, tools: [], promptDigest: 'a'.repeat(64), maxOutputTokens: 100, ceilingMicros: 700, ceilingTokens: 900, price: { source: 'test', version: '1' }, dataSubject: 'subject-1' };
  const answer = { model: 'acme-1', rehearsal: false, text: 'Done.', toolCalls: [], finishReason: 'stop', inputTokens: 30, outputTokens: 2, costMicros: 200, dataSubject: 'subject-1' };
  const [first, second] = ['a1', 'a2'].map((end) => `${runIdOf(0).slice(0, 24)}-${end}`);
  await say(log, 'runtime', 'loop', runIdOf(0), { type: 'runtime.loop.model-asked', data: { askId: first, ...ask } });
  await say(log, 'runtime', 'loop', runIdOf(0), { type: 'runtime.loop.model-answered', data: { askId: first, ...answer } }, { type: 'runtime.loop.model-asked', data: { askId: second, ...ask } });
  await say(log, 'runtime', 'loop', runIdOf(0), finished(900));
  await say(log, 'orchestrator', 'run', runIdOf(0), { type: 'orchestrator.run.closed', data: { runId: runIdOf(0), outcome: 'done', because: 'finished' } });
  await requestRun(log, runIdOf(3), 'ghost');
  await until(() => eventsOf(log, 'hold', runIdOf(3)), (events) => events.length > 0);
  await say(log, 'orchestrator', 'run', runIdOf(3), { type: 'orchestrator.run.deferred', data: { runId: runIdOf(3), code: 'agent.unknown', because: 'no agent' } });
  await requestRun(log, runIdOf(4));
  await until(() => eventsOf(log, 'hold', runIdOf(4)), (events) => events.length > 0);
  await say(log, 'runtime', 'loop', runIdOf(4), claimed(runIdOf(4)), effectRequested(runIdOf(4), 1), effectRequested(runIdOf(4), 2));
  await until(() => gateEvents(log, runIdOf(4)), (events) => events.filter((event) => event.type === 'governance.gate.opened').length === 2);
  const inputId = derivedId('input', 'inbox');
  await say(log, 'orchestrator', 'request', inputId, { type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule: 'default', reasons: ['no rule matched'], dataSubject: 'subject-2' } });
}

async function everything(view: GovernanceView): Promise<unknown> {
  await view.refresh();
  const [runs, gates, waiting, agents, inbox] = await Promise.all([view.runs({ limit: 50 }), view.gates({ limit: 50 }), view.gates({ limit: 50, state: 'open' }), view.agents(), view.inbox(50)]);
  const single = await Promise.all([view.run(runIdOf(4)), view.run('nobody'), view.gate(`${runIdOf(0)}-g1`), view.gate('none'), view.runs({ limit: 1 }), view.runs({ limit: 9, state: 'refused' }), view.runIdsFrom(runIdOf(4).slice(0, 24)), view.runIdsFrom(''), view.runIdsFrom('none')]);
  const costs = await Promise.all((['agent', 'version', 'feature', 'client', 'model', 'price', 'day'] as const).map((by) => view.costs({ by, since: '2026-01-01' })));
  return { runs, gates, waiting, agents, inbox, single, costs };
}

test('[M6] dropped rows come back equal, table by table; and PostgreSQL says what the rows in memory say', async () => {
  const { log, governance, running } = await openInProcess();
  await history(log);
  const connection = log.connect('governance');
  const view = await PostgresGovernanceView.open(postgres.url, connection.log, silentLogger);
  // Followed live up to here in one process, made in one go in another.
  const first = await view.start(connection);
  await view.refresh();
  const seen = await everything(view);
  expect(seen).toEqual(await everything(governance.opened.ports.view));
  const before = await view.checksums();
  expect(before.map(({ table, rows }) => [table, rows])).toEqual([
    ['agents', 1],
    ['bookings', 4],
    ['gates', 5],
    ['inbox', 1],
    ['model_calls', 2],
    ['runs', 5],
    ['soloist_position', 8],
  ].map(([table, rows]) => [table, table === 'soloist_position' ? expect.any(Number) : rows]));
  await first.stop();
  await view.dropAll();
  expect((await view.checksums()).every(({ rows }) => rows === 0)).toBe(true);
  const second = await view.start(connection);
  await view.refresh();
  expect(await view.checksums()).toEqual(before);
  expect(await everything(view)).toEqual(seen);
  await second.stop();
  await view.close();
  await running.stop();
});

test('[M6] rows that were followed commit by commit are those that are made at once', async () => {
  const { log, running } = await openInProcess();
  const connection = log.connect('governance');
  const view = await PostgresGovernanceView.open(postgres.url, connection.log, silentLogger);
  await view.dropAll();
  const live = await view.start(connection);
  await history(log);
  await view.refresh();
  const followed = await view.checksums();
  await live.stop();
  await view.dropAll();
  const again = await view.start(connection);
  await view.refresh();
  expect(await view.checksums()).toEqual(followed);
  await again.stop();
  await view.close();
  await running.stop();
});
