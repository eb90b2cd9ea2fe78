/** Opens the fact rows: the database, what follows the log into it, and the search over it. */
import type { EventLog, Position } from '@soloist/eventlog';
import { openProjectionStore, Projector, type PostgresProjectionStore } from '@soloist/service';
import type { Logger } from '@soloist/telemetry';
import type { FollowedLog } from '../ports/followed-log.port.js';
import { FACT_ROWS_VERSION, FactRow, InputRow, projectFacts } from './fact-rows.js';
import { PostgresFactIndex } from './postgres.fact-index.js';

export interface FactRowsOptions {
  readonly url: string;
  readonly schema: string;
  readonly connectWithinMs: number;
  readonly logger: Logger;
  /** Commits in one transaction. */
  readonly batch?: number;
}

export interface OpenFactRows {
  readonly store: PostgresProjectionStore;
  readonly projector: Projector<Parameters<typeof projectFacts>[0]>;
  readonly index: PostgresFactIndex;
  readonly followed: FollowedLog;
}

export async function openFactRows({ url, schema, connectWithinMs, logger, batch }: FactRowsOptions): Promise<OpenFactRows> {
  const store = await openProjectionStore({ url, schema, entities: [FactRow, InputRow], version: FACT_ROWS_VERSION, connectWithinMs, logger });
  const projector = new Projector('memory facts', 'memory', store, projectFacts, logger, batch);
  return {
    store,
    projector,
    index: new PostgresFactIndex(store),
    followed: { reach: (log, positions) => reachAll(projector, log, positions), asOf: () => projector.asOf() },
  };
}

async function reachAll(projector: Pick<Projector<never>, 'reach'>, log: EventLog, positions: readonly Position[]): Promise<void> {
  const furthest = new Map<number, number>();
  for (const { stream, sequence } of positions) furthest.set(stream, Math.max(furthest.get(stream) ?? 0, sequence));
  await Promise.all([...furthest].map(([stream, sequence]) => projector.reach(log, stream, sequence)));
}
