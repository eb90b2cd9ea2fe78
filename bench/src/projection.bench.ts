/**
 * `projection-rebuild`: governance's rows in PostgreSQL, dropped and made again from a log of a million events in eight
 * streams, as `up` does it after the database was lost: read, decoded, opened, folded, written, positions in the same
 * transactions. The limit is the insert of the rows that come out, many in a statement, by the same client into tables of
 * the same form, as if nothing had to be read: a bound that no rebuild can reach. On the side it is said how fast the log
 * alone is read, which is the bound that counts. After each rebuild the checksums of all tables must be those of before.
 */
import { connectLog, type LogConnection } from '@soloist/eventlog';
import { PostgresGovernanceView } from '@soloist/governance';
import { openProjectionStore, type PostgresProjectionStore } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { startBroker, startPostgres, type TestBroker } from '@soloist/testing';
import { figureOf, type Figure, type Round } from './figure.js';
import { whileLazy } from './lazy-broker.js';
import { COMMITS_OF_A_RUN, EVENTS_OF_A_RUN, RunTemplate } from './run-template.js';

const EVENTS = 1_000_000;
const ROUNDS = 2;
const ROWS_IN_STATEMENT = 4_000;
const COMMITS_READ_AT_ONCE = 2_000;
const READ_SAMPLE_COMMITS = 40_000;

export async function benchProjectionRebuild(events = EVENTS): Promise<readonly Figure[]> {
  const [broker, postgres] = await Promise.all([startBroker({ streams: 8 }), startPostgres()]);
  try {
    await fill(broker, events);
    const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile('governance'), service: 'governance', streams: 8, keys: broker.keys, name: 'bench' });
    const view = await PostgresGovernanceView.open(postgres.url, connection.log, silentLogger);
    const bare = await openProjectionStore({ url: postgres.url, schema: 'bench', entities: [], version: 1, logger: silentLogger });
    try {
      return [figureOf('projection-rebuild', 'events/s', await rounds(connection, view, bare, events))];
    } finally {
      await Promise.all([view.close(), bare.close(), connection.close()]);
    }
  } finally {
    await Promise.all([broker.stop(), postgres.stop()]);
  }
}

async function fill(broker: TestBroker, events: number): Promise<void> {
  const template = await RunTemplate.make(broker.keys);
  await whileLazy(broker, async () => {
    const connection = await broker.connect('ops');
    await template.stamp(connection, Math.ceil(events / EVENTS_OF_A_RUN));
    await connection.close();
  });
}

async function rounds(connection: LogConnection, view: PostgresGovernanceView, bare: PostgresProjectionStore, events: number): Promise<readonly Round[]> {
  const measured: Round[] = [];
  let sums = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    await view.dropAll();
    const started = performance.now();
    await (await view.start(connection)).stop();
    const value = perSecond(events, started);
    const checksums = JSON.stringify(await view.checksums());
    if (round > 0 && checksums !== sums) throw new Error('the rows came back different');
    sums = checksums;
    measured.push({ value, limit: await insertAlone(bare, events) });
  }
  const read = await readAlone(connection);
  process.stderr.write(`projection-rebuild: the log alone is read and decoded at ${read.toFixed(0)} events/s\n`);
  return measured;
}

async function insertAlone(bare: PostgresProjectionStore, events: number): Promise<number> {
  let spent = 0;
  const tables = await bare.read((em) => em.execute<{ name: string }[]>("select tablename as name from pg_tables where schemaname = 'governance' and tablename <> 'soloist_position'"));
  for (const { name: table } of tables) {
    await bare.read((em) => em.execute(`drop table if exists bench.${table}; create table bench.${table} (like governance.${table} including all)`));
    const [all] = await bare.read((em) => em.execute<{ rows: unknown[] }[]>(`select json_agg(t) as rows from governance.${table} t`));
    const rows = all?.rows ?? [];
    for (let from = 0; from < rows.length; from += ROWS_IN_STATEMENT) {
      const text = JSON.stringify(rows.slice(from, from + ROWS_IN_STATEMENT));
      const started = performance.now();
      await bare.read((em) => em.execute(`insert into bench.${table} select * from json_populate_recordset(null::bench.${table}, ?::json)`, [text]));
      spent += performance.now() - started;
    }
  }
  return (events * 1_000) / spent;
}

async function readAlone({ log }: LogConnection): Promise<number> {
  const started = performance.now();
  let commits = 0;
  for (let after = 0; commits < READ_SAMPLE_COMMITS; ) {
    const page = await log.readAfter(0, after, COMMITS_READ_AT_ONCE);
    const last = page.at(-1);
    if (last === undefined) break;
    commits += page.length;
    after = last.position.sequence;
  }
  return perSecond((commits * EVENTS_OF_A_RUN) / COMMITS_OF_A_RUN, started);
}

function perSecond(events: number, started: number): number {
  return (events * 1_000) / (performance.now() - started);
}
