/** The view in PostgreSQL. One batch of commits loads the rows it needs, folds them in memory and writes what changed. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Commit, EventLog, LogConnection, Subscription } from '@soloist/eventlog';
import { openProjectionStore, Projector, type PostgresProjectionStore, type ProjectionFollower, type TableChecksum } from '@soloist/service';
import type { Logger } from '@soloist/telemetry';
import type { AgentRow, GateRow, GovernanceView, InboxRow, RunRow } from '../ports/governance-view.port.js';
import { AgentTable, GateTable, InboxTable, RunTable } from './governance-tables.js';
import { projectCommits } from './project-rows.js';
import { reachNow } from './reach-now.js';
import { RowSet } from './row-set.js';

/** Raise it when rows come to mean something else. */
const ROWS_VERSION = 2;
const SCHEMA = 'governance';
const UNMANAGED = { disableIdentityMap: true } as const;

export class PostgresGovernanceView implements GovernanceView, ProjectionFollower {
  readonly name = 'governance';
  private readonly projector: Projector<EntityManager>;

  private constructor(
    private readonly store: PostgresProjectionStore,
    private readonly log: EventLog,
    logger: Logger,
  ) {
    this.projector = new Projector(this.name, 'governance', store, project, logger);
  }

  static async open(url: string, log: EventLog, logger: Logger): Promise<PostgresGovernanceView> {
    const store = await openProjectionStore({ url, schema: SCHEMA, entities: [RunTable, GateTable, AgentTable, InboxTable], version: ROWS_VERSION, logger });
    return new PostgresGovernanceView(store, log, logger);
  }

  start(connection: LogConnection): Promise<Subscription> {
    return this.projector.start(connection);
  }
  refresh(): Promise<void> {
    return reachNow(this.projector, this.log);
  }
  runs({ limit, state }: Parameters<GovernanceView['runs']>[0]): Promise<readonly RunRow[]> {
    const where = state === undefined ? {} : { state };
    return this.store.read(async (em) => (await em.find(RunTable, where, { ...UNMANAGED, limit, orderBy: { startedAt: 'desc', runId: 'asc' } })).map(runRow));
  }
  run(runId: string): Promise<RunRow | null> {
    return this.store.read(async (em) => rowOrNull(await em.findOne(RunTable, { runId }, UNMANAGED), runRow));
  }
  gates({ limit, state, expiresBy }: Parameters<GovernanceView['gates']>[0]): Promise<readonly GateRow[]> {
    const where = { ...(state === undefined ? {} : { state }), ...(expiresBy === undefined ? {} : { expiresAt: { $lte: expiresBy } }) };
    return this.store.read(async (em) => (await em.find(GateTable, where, { ...UNMANAGED, limit, orderBy: { openedAt: 'asc', gateId: 'asc' } })).map(gateRow));
  }
  gate(gateId: string): Promise<GateRow | null> {
    return this.store.read(async (em) => rowOrNull(await em.findOne(GateTable, { gateId }, UNMANAGED), gateRow));
  }
  agents(): Promise<readonly AgentRow[]> {
    return this.store.read(async (em) => (await em.find(AgentTable, {}, { ...UNMANAGED, orderBy: { name: 'asc' } })).map((row) => plain<AgentRow>(row)));
  }
  inbox(limit: number): Promise<readonly InboxRow[]> {
    return this.store.read(async (em) => (await em.find(InboxTable, {}, { ...UNMANAGED, limit, orderBy: { routedAt: 'desc', inputId: 'asc' } })).map((row) => plain<InboxRow>(row)));
  }
  /** For the proof that dropped rows come back equal. */
  checksums(): Promise<readonly TableChecksum[]> {
    return this.store.checksums();
  }
  dropAll(): Promise<void> {
    return this.store.dropAll();
  }
  close(): Promise<void> {
    return this.store.close();
  }
}

async function project(em: EntityManager, commits: readonly Commit[]): Promise<void> {
  const rows = await rowsFor(em, commits);
  projectCommits(rows, commits);
  await write(em, RunTable, rows.runs.changed());
  await write(em, GateTable, rows.gates.changed());
  await write(em, AgentTable, rows.agents.changed());
  await write(em, InboxTable, rows.inbox.changed());
}

/** Rows of the runs the commits belong to; agents and inbox are written without being read. */
async function rowsFor(em: EntityManager, commits: readonly Commit[]): Promise<RowSet> {
  const rows = new RowSet();
  const keys = [...new Set(commits.map((commit) => commit.address.key))];
  for (const run of await em.find(RunTable, { runId: { $in: keys } }, UNMANAGED)) rows.runs.load(run.runId, runRow(run));
  for (const gate of await em.find(GateTable, { runId: { $in: keys } }, UNMANAGED)) rows.gates.load(gate.gateId, gateRow(gate));
  return rows;
}

async function write(em: EntityManager, table: typeof RunTable | typeof GateTable | typeof AgentTable | typeof InboxTable, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await em.upsertMany(table as typeof RunTable, rows as never[], UNMANAGED);
}

function rowOrNull<Stored, Row>(stored: Stored | null, read: (stored: Stored) => Row): Row | null {
  return stored === null ? null : read(stored);
}

/** Columns only, in a plain object. What is stored was written by `projectCommits`, so its words are those of the rows. */
function plain<Row>(stored: object): Row {
  return { ...stored } as Row;
}

function runRow(stored: object): RunRow {
  return plain<RunRow>(stored);
}

function gateRow(stored: object): GateRow {
  return plain<GateRow>(stored);
}
