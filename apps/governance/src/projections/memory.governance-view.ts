/** The view in memory: for rehearsal, simulation and tests; passes the same suite as the one in PostgreSQL. */
import type { Commit, EventLog, LogConnection, Subscription } from '@soloist/eventlog';
import { Projector, type ProjectionFollower, type ProjectionStore, type StoredPosition } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { MOST_ALIKE, type AgentRow, type GateRow, type GovernanceView, type InboxRow, type RunRow } from '../ports/governance-view.port.js';
import type { CostQuery, CostSum } from '../ports/cost-rows.js';
import { projectCommits } from './project-rows.js';
import { reachNow } from './reach-now.js';
import { RowSet } from './row-set.js';
import { sumCosts } from './sum-costs.js';

class MemoryRowStore implements ProjectionStore<RowSet> {
  readonly rows = new RowSet();
  private readonly positions = new Map<number, StoredPosition>();

  position(stream: number): Promise<StoredPosition> {
    return Promise.resolve(this.positions.get(stream) ?? { sequence: 0, hash: '' });
  }
  async advance(stream: number, to: StoredPosition, write: (rows: RowSet) => Promise<void>): Promise<void> {
    await write(this.rows);
    this.positions.set(stream, to);
  }
}

export class MemoryGovernanceView implements GovernanceView, ProjectionFollower {
  readonly name = 'governance';
  private readonly store = new MemoryRowStore();
  private readonly projector = new Projector<RowSet>(
    this.name,
    'governance',
    this.store,
    (rows, commits: readonly Commit[]) => Promise.resolve(projectCommits(rows, commits)),
    silentLogger,
  );

  constructor(private readonly log: EventLog) {}

  start(connection: LogConnection): Promise<Subscription> {
    return this.projector.start(connection);
  }
  refresh(): Promise<void> {
    return reachNow(this.projector, this.log);
  }
  runs({ limit, state }: Parameters<GovernanceView['runs']>[0]): Promise<readonly RunRow[]> {
    const rows = this.store.rows.runs.all().filter((row) => state === undefined || row.state === state);
    return Promise.resolve(rows.toSorted((a, b) => -byText(a.startedAt, b.startedAt) || byText(a.runId, b.runId)).slice(0, limit));
  }
  run(runId: string): Promise<RunRow | null> {
    return Promise.resolve(this.store.rows.runs.get(runId));
  }
  runIdsFrom(prefix: string): Promise<readonly string[]> {
    const ids = this.store.rows.runs.all().map(({ runId }) => runId);
    return Promise.resolve(ids.filter((runId) => runId.startsWith(prefix)).toSorted(byText).slice(0, MOST_ALIKE));
  }
  gates({ limit, state, expiresBy, action, isNewestFirst }: Parameters<GovernanceView['gates']>[0]): Promise<readonly GateRow[]> {
    const rows = this.store.rows.gates.all().filter((row) => (state === undefined || row.state === state) && (expiresBy === undefined || row.expiresAt <= expiresBy) && (action === undefined || row.action === action));
    const sign = isNewestFirst === true ? -1 : 1;
    return Promise.resolve(rows.toSorted((a, b) => sign * byText(a.openedAt, b.openedAt) || byText(a.gateId, b.gateId)).slice(0, limit));
  }
  gate(gateId: string): Promise<GateRow | null> {
    return Promise.resolve(this.store.rows.gates.get(gateId));
  }
  agents(): Promise<readonly AgentRow[]> {
    return Promise.resolve(this.store.rows.agents.all().toSorted((a, b) => byText(a.name, b.name)));
  }
  costs(query: CostQuery): Promise<readonly CostSum[]> {
    return Promise.resolve(sumCosts(this.store.rows.calls.all(), query));
  }
  inbox(limit: number): Promise<readonly InboxRow[]> {
    return Promise.resolve(this.store.rows.inbox.all().toSorted((a, b) => -byText(a.routedAt, b.routedAt) || byText(a.inputId, b.inputId)).slice(0, limit));
  }
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
