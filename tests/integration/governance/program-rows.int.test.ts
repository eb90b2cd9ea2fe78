/** Rows of program runs and of pinned agents in a real PostgreSQL: as in memory, and equal again after they were dropped. */
import { PostgresGovernanceView, type GovernanceView } from '@soloist/governance';
import { silentLogger } from '@soloist/telemetry';
import { startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalog, desk, openInProcess, runIdOf, say, until } from './company.fixture.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const carried = { value: null, blob: null };
const form = { name: 'one', argsDigest: 'a'.repeat(64) };
const started = (runId: string, parent: { runId: string; path: string } | null = null) => ({ type: 'runtime.loop.program-started', data: { runId, program: 'walk', version: '1', ...carried, parent, dataSubject: 'ada' } });
const claimedBy = (epoch: number) => ({ type: 'runtime.loop.program-claimed', data: { epoch, lease: `lease-${epoch}` } });
const suspended = (epoch: number) => ({ type: 'runtime.loop.program-suspended', data: { epoch } });
const override = (name: 'paused' | 'resumed') => ({ type: `runtime.loop.program-${name}`, data: { commandId: `c-${name}`, by: 'operator', because: 'x' } });
const ended = (outcome: string, code: string) => ({ type: 'runtime.loop.program-ended', data: { outcome, ...carried, code, because: 'somebody said something', steps: 1, dataSubject: 'ada' } });

async function everything(view: GovernanceView): Promise<{ runs: Awaited<ReturnType<GovernanceView['runs']>>; agents: unknown; one: unknown }> {
  await view.refresh();
  return { runs: await view.runs({ limit: 50 }), agents: await view.agents(), one: await view.run(runIdOf(1)) };
}

test('[M6] [O5] program runs in every state, and a pin that outlives what is published', async () => {
  const { log, governance, running } = await openInProcess();
  const tell = (run: number, ...events: Parameters<typeof say>[4][]) => say(log, 'runtime', 'loop', runIdOf(run), ...events);
  await tell(1, started(runIdOf(1)), claimedBy(1), { type: 'runtime.loop.step-claimed', data: { path: '1', ...form, attempt: 1, epoch: 1 } });
  await tell(1, { type: 'runtime.loop.step-completed', data: { path: '1', ...carried, dataSubject: 'ada' } }, { type: 'runtime.loop.event-awaited', data: { path: '2', ...form, name: 'word' } }, suspended(1));
  await tell(2, started(runIdOf(2), { runId: runIdOf(1), path: '3' }), claimedBy(1), { type: 'runtime.loop.timer-armed', data: { path: '1', ...form, timerId: 't', dueAt: '2030-01-01T00:00:00.000Z' } }, suspended(1));
  await tell(2, override('paused'));
  await tell(2, { type: 'runtime.loop.timer-fired', data: { path: '1', timerId: 't' } });
  await tell(3, started(runIdOf(3)), claimedBy(1), override('paused'), override('resumed'));
  await tell(4, started(runIdOf(4)), claimedBy(1), { type: 'runtime.loop.program-diverged', data: { path: '1', recorded: { kind: 'step', ...form }, replayed: null } }, ended('diverged', 'program.diverged'));
  await tell(5, started(runIdOf(5)), claimedBy(1), ended('failed', 'Words of ada@client.example'));
  const version = catalog.agents[0]?.version ?? '';
  await log.connect('governance').log.command({ context: 'governance', entity: 'definition', key: 'desk' }, { id: 'pin-1', actor: 'operator', body: { type: 'governance.definition.pin', agent: 'desk', version, by: 'operator', because: 'Words of ada@client.example' } });
  await until(() => log.log.history({ context: 'governance', entity: 'definition', key: 'desk' }), (commits) => commits.length === 2);
  await say(log, 'governance', 'definition', 'desk', { type: 'governance.definition.published', data: { version: 'b'.repeat(16), definition: { ...desk, purpose: 'new' }, origin: 'test' } });

  const view = await PostgresGovernanceView.open(postgres.url, log.connect('governance').log, silentLogger, 3);
  const first = await view.start(log.connect('governance'));
  const seen = await everything(view);
  expect(seen).toEqual(await everything(governance.opened.ports.view));
  const states = Object.fromEntries(seen.runs.map((row) => [row.runId, [row.state, row.waitingFor, row.outcome]]));
  expect(states).toEqual({ [runIdOf(1)]: ['waiting', 'event word', null], [runIdOf(2)]: ['paused', null, null], [runIdOf(3)]: ['running', null, null], [runIdOf(4)]: ['failed', null, 'diverged'], [runIdOf(5)]: ['failed', null, 'failed'] });
  expect(seen.one).toMatchObject({ agent: null, inputId: null, program: { name: 'walk', epoch: 1, steps: 1, parentRunId: null, divergence: null } });
  expect(seen.agents).toMatchObject([{ name: 'desk', version, latest: 'b'.repeat(16), purpose: desk.purpose, pin: { by: 'operator' } }]);
  // Nobody's words are in the rows.
  expect(JSON.stringify(seen)).not.toContain('ada@client.example');
  const before = await view.checksums();
  await first.stop();
  await view.dropAll();
  const second = await view.start(log.connect('governance'));
  await view.refresh();
  const strip = (sums: typeof before) => sums.filter(({ table }) => table !== 'soloist_position');
  expect(strip(await view.checksums())).toEqual(strip(before));
  await second.stop();
  await view.close();
  await running.stop();
});
