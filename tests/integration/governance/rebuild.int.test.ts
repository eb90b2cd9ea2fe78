/**
 * Governance's rows made again from nothing, with batches of any size and a database that is killed on the way, are byte
 * for byte those that grew with the log.
 */
import type { LogConnection } from '@soloist/eventlog';
import { PostgresGovernanceView } from '@soloist/governance';
import { isFault } from '@soloist/kernel';
import type { TableChecksum } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { Random, startPostgres, type TestPostgres } from '@soloist/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finished, gateEvents, openGate, openInProcess, runIdOf, say, until } from './company.fixture.js';

const RUNS = 12;
const REBUILDS = 6;
const LARGEST_BATCH = 12;

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

type Opened = Awaited<ReturnType<typeof openInProcess>>;

async function history(log: Opened['log']): Promise<void> {
  for (let number = 0; number < RUNS; number += 1) {
    const runId = runIdOf(number);
    const { gateId, digest } = await openGate(log, runId);
    if (number % 3 === 2) continue;
    const decision = number % 3 === 0 ? 'approve' : 'reject';
    const body = { type: 'governance.gate.decide', runId, gateId, decision, digest, by: 'operator', surface: 'cli', reason: null };
    await log.connect('governance').log.command({ context: 'governance', entity: 'gate', key: runId }, { id: `c-${number}`, actor: 'operator', body });
    await until(() => gateEvents(log, runId), (events) => events.some((event) => event.type === 'governance.gate.decided'));
    await say(log, 'runtime', 'loop', runId, finished(100 * number));
    await say(log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.closed', data: { runId, outcome: 'done', because: 'finished' } });
  }
}

/** The same connection, with something happening before each batch is read. */
function withEachRead(connection: LogConnection, before: () => Promise<void>): LogConnection {
  const { log } = connection;
  const readAfter: typeof log.readAfter = async (...args) => {
    await before();
    return log.readAfter(...args);
  };
  return { ...connection, log: Object.assign(Object.create(log) as typeof log, { readAfter }) };
}

/** Tries until it stands, killing the database before the n-th read of each try. Answers the rows and how often it was killed. */
async function rebuild(connection: LogConnection, random: Random, killsAtMost: number): Promise<{ sums: readonly TableChecksum[]; kills: number }> {
  const batch = random.whole(1, LARGEST_BATCH);
  for (let kills = 0; ; ) {
    let readsLeft = kills < killsAtMost ? random.whole(8, 20) : Infinity;
    const view = await PostgresGovernanceView.open(postgres.url, connection.log, silentLogger, batch);
    try {
      if (kills === 0) await view.dropAll();
      const killing = async (): Promise<void> => ((readsLeft -= 1) === 0 ? postgres.kill9() : undefined);
      const started = await view.start(withEachRead(connection, killing));
      await view.refresh();
      const sums = await view.checksums();
      await started.stop();
      return { sums, kills };
    } catch (error) {
      if (!isFault(error) || error.kind !== 'transient' || readsLeft > 0) throw error;
      kills += 1;
      await postgres.restart();
    } finally {
      await view.close();
    }
  }
}

test('[G15] [M6] rows made from nothing are those that grew with the log, whatever the batches and however often the database is killed', async () => {
  const { log, running } = await openInProcess();
  const connection = log.connect('governance');
  const live = await PostgresGovernanceView.open(postgres.url, connection.log, silentLogger);
  const following = await live.start(connection);
  await history(log);
  await live.refresh();
  const grown = await live.checksums();
  expect(grown.find(({ table }) => table === 'runs')?.rows).toBe(RUNS);
  expect(grown.find(({ table }) => table === 'gates')?.rows).toBe(RUNS);
  await following.stop();
  await live.close();
  await running.stop();

  const random = new Random('G15');
  let kills = 0;
  for (let round = 0; round < REBUILDS; round += 1) {
    const made = await rebuild(connection, random, round % 3);
    expect(made.sums).toEqual(grown);
    kills += made.kills;
  }
  // The kills struck: a rebuild that was over before each of them would prove nothing.
  expect(kills).toBeGreaterThanOrEqual(3);
});
