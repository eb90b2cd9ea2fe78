/** The ledger under several processes and broken paths: what is granted is decided where it is written. */
import type { RunEvent } from '@soloist/contracts';
import { governanceService, openGovernanceInMemory, type Catalog } from '@soloist/governance';
import { createMemoryLog, type MemoryLog } from '@soloist/eventlog';
import { Dispatcher, systemClock, type Service } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { describe, expect, test } from 'vitest';
import { catalog, claimed, desk, eventsOf, finished, openInProcess, requestRun, runIdOf, say } from './company.fixture.js';

const terms: Catalog = {
  ...catalog,
  companyDayLimit: { micros: 150, currency: 'USD' },
  agents: [{ name: desk.name, version: 'a'.repeat(16), definition: { ...desk, budget: { ...desk.budget, perRunMicros: 100 } }, origin: 'test' }],
};

/** A company whose catalog is published and where nobody reacts to anything by itself. */
async function published(): Promise<MemoryLog> {
  const { log, running } = await openInProcess(terms, { log: createMemoryLog({ streams: 8 }) });
  await running.stop();
  return log;
}

/** One more process of governance. */
function governance(log: MemoryLog): Dispatcher<unknown> {
  const connection = log.connect('governance');
  const { ports } = openGovernanceInMemory(connection, terms).opened;
  return new Dispatcher(governanceService as unknown as Service<unknown, unknown>, connection, ports, systemClock, silentLogger);
}

const namesOf = async (log: MemoryLog, entity: string, key: string): Promise<string[]> => (await eventsOf(log, entity, key)).map(({ type }) => type.replace(/^[a-z]+\.[a-z]+\./, ''));

describe('the ledger', () => {
  test('[G11] given room for one run and two processes that look at it at once, then one is granted and the other is told', async () => {
    const log = await published();
    const runs = [runIdOf(1), runIdOf(2)];
    const requested = await Promise.all(runs.map((runId) => requestRun(log, runId)));
    await Promise.all(requested.map((commit) => governance(log).reactTo(commit, 1)));
    expect((await namesOf(log, 'budget', 'company')).filter((name) => name === 'reserved')).toHaveLength(1);
    const holds = await Promise.all(runs.map((runId) => namesOf(log, 'hold', runId)));
    expect(holds.flat().sort()).toEqual(['granted', 'refused']);
  });

  test('[G11] given a run that was closed while its loop may still spend, then its reservation stays until the loop says what it spent', async () => {
    const log = await published();
    const [runId] = [runIdOf(3)];
    const one = governance(log);
    await one.reactTo(await requestRun(log, runId), 1);
    await say(log, 'runtime', 'loop', runId, claimed(runId));
    const closing = await say(log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.closed', data: { runId, outcome: 'cancelled', because: 'enough' } } satisfies RunEvent);
    await one.reactTo(closing, 1);
    expect(await namesOf(log, 'budget', 'company')).not.toContain('settled');
    await one.reactTo(await say(log, 'runtime', 'loop', runId, finished(40)), 1);
    expect((await eventsOf(log, 'budget', 'company')).at(-1)).toMatchObject({ type: 'governance.budget.settled', data: { runId, spentMicros: 40 } });
  });
});
