/** The view in PostgreSQL. One batch of commits loads the rows it needs, folds them in memory and writes what changed. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Commit, EventLog, LogConnection, Subscription } from '@soloist/eventlog';
import { openProjectionStore, Projector, readRows, writeRows, type PostgresProjectionStore, type ProjectionFollower, type TableChecksum } from '@soloist/service';
import type { Logger } from '@soloist/telemetry';
import { MOST_ALIKE, type AgentRow, type GateRow, type GovernanceView, type InboxRow, type RunRow } from '../ports/governance-view.port.js';
import type { BookingRow, CallRow, CostQuery, CostSum } from '../ports/cost-rows.js';
import { BookingTable, CallTable } from './cost-tables.js';
import { AgentTable, GateTable, InboxTable, RunTable } from './governance-tables.js';
import { projectCommits } from './project-rows.js';
import { reachNow } from './reach-now.js';
import { RowSet } from './row-set.js';
import { costSums } from './sum-costs-in-sql.js';

/** Raise it when rows come to mean something else. */
const ROWS_VERSION = 4;
const SCHEMA = 'governance';
const UNMANAGED = { disableIdentityMap: true } as const;

export class PostgresGovernanceView implements GovernanceView, ProjectionFollower {
  readonly name = 'governance';
  private readonly projector: Projector<EntityManager>;

  private constructor(
    private readonly store: PostgresProjectionStore,
    private readonly log: EventLog,
    logger: Logger,
    batch: number | null,
  ) {
    this.projector = new Projector(this.name, 'governance', store, project, logger, batch);
  }

  /** `batch`: commits in one transaction; what the projector finds fitting when it is not said. */
  static async open(url: string, log: EventLog, logger: Logger, batch: number | null = null): Promise<PostgresGovernanceView> {
    const store = await openProjectionStore({ url, schema: SCHEMA, entities: [RunTable, GateTable, AgentTable, InboxTable, BookingTable, CallTable], version: ROWS_VERSION, logger });
    return new PostgresGovernanceView(store, log, logger, batch);
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
  runIdsFrom(prefix: string): Promise<readonly string[]> {
    // Ids hold letters, digits and - only, so none of them means anything to LIKE.
    const where = { runId: { $like: `${prefix}%` } };
    return this.store.read(async (em) => (await em.find(RunTable, where, { ...UNMANAGED, limit: MOST_ALIKE, orderBy: { runId: 'asc' } })).map((row) => runRow(row).runId));
  }
  gates({ limit, state, expiresBy, action, isNewestFirst }: Parameters<GovernanceView['gates']>[0]): Promise<readonly GateRow[]> {
    const where = { ...(state === undefined ? {} : { state }), ...(expiresBy === undefined ? {} : { expiresAt: { $lte: expiresBy } }), ...(action === undefined ? {} : { action }) };
    return this.store.read(async (em) => (await em.find(GateTable, where, { ...UNMANAGED, limit, orderBy: { openedAt: isNewestFirst === true ? 'desc' : 'asc', gateId: 'asc' } })).map(gateRow));
  }
  gate(gateId: string): Promise<GateRow | null> {
    return this.store.read(async (em) => rowOrNull(await em.findOne(GateTable, { gateId }, UNMANAGED), gateRow));
  }
  agents(): Promise<readonly AgentRow[]> {
    return this.store.read(async (em) => (await em.find(AgentTable, {}, { ...UNMANAGED, orderBy: { name: 'asc' } })).map((row) => plain<AgentRow>(row)));
  }
  costs(query: CostQuery): Promise<readonly CostSum[]> {
    return this.store.read((em) => costSums(em, this.store.table('model_calls'), query));
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
  await writeRows(em, RunTable, rows.runs.changed());
  await writeRows(em, GateTable, rows.gates.changed());
  await writeRows(em, AgentTable, rows.agents.changed());
  await writeRows(em, InboxTable, rows.inbox.changed());
  await writeRows(em, BookingTable, rows.bookings.changed());
  await writeRows(em, CallTable, rows.calls.changed());
}

/** Rows of the runs and agents the commits belong to; the inbox is written without being read. */
async function rowsFor(em: EntityManager, commits: readonly Commit[]): Promise<RowSet> {
  const rows = new RowSet();
  const keys = [...new Set(commits.map((commit) => commit.address.key))];
  for (const run of await readRows<RunRow>(em, RunTable, 'runId', keys)) rows.runs.load(run.runId, run);
  for (const gate of await readRows<GateRow>(em, GateTable, 'runId', keys)) rows.gates.load(gate.gateId, gate);
  for (const agent of await agentRows(em, commits)) rows.agents.load(agent.name, agent);
  for (const booking of await readRows<BookingRow>(em, BookingTable, 'runId', keys)) rows.bookings.load(booking.runId, booking);
  for (const call of await readRows<CallRow>(em, CallTable, 'runId', keys)) rows.calls.load(call.askId, call);
  return rows;
}

async function agentRows(em: EntityManager, commits: readonly Commit[]): Promise<readonly AgentRow[]> {
  const names = [...new Set(commits.filter(({ address }) => address.entity === 'definition').map(({ address }) => address.key))];
  return names.length === 0 ? [] : readRows<AgentRow>(em, AgentTable, 'name', names);
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
