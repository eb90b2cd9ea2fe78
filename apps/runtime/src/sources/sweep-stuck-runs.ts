/**
 * Finds runs that no delivery will move any more, and moves them on (GUARANTEES G28): what should have been delivered is
 * on the log and was acked, lost or buried without having done its work.
 *
 * I1 open runs are those with money reserved: the ledger knows them all, and none that has ended
 * I2 a run is stuck that stood still from one round to the next while what it waits for was on the log
 * I3 a run that rests, for days perhaps, is looked at ever less often, down to every sixth round
 * I4 what another worker has in hand is left to it; a run that cannot be moved keeps no other from being moved
 */
import type { BudgetEvent } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import type { Source } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { lostDelivery } from './lost-delivery.js';

const EVERY_MS = 20_000;
const LEDGER = { context: 'governance', entity: 'budget', key: 'company' } as const;
/** How many episodes are read at a time. */
const AT_ONCE = 8;
const MOST_ROUNDS_SKIPPED = 5;

/** A run that had nothing to be moved for: where it stood, and for how many rounds it is left alone. */
interface Resting {
  readonly last: number;
  readonly skip: number;
  readonly left: number;
}

export const sweepStuckRuns: Source<RuntimePorts> = {
  name: 'sweep-stuck-runs',
  start: async ({ ports, connection: { log }, redo }) => {
    let stood = new Map<string, number>();
    let resting = new Map<string, Resting>();
    const round = async (): Promise<void> => {
      const still = new Map<string, number>();
      const rest = new Map<string, Resting>();
      const failures: unknown[] = [];
      const look = async (runId: string): Promise<void> => {
        const before = resting.get(runId);
        if (before !== undefined && before.left > 0) return void rest.set(runId, { ...before, left: before.left - 1 });
        const episode = await log.episode(runId);
        const last = episode.at(-1)?.position.sequence ?? 0;
        const lost: Commit | null = lostDelivery(episode);
        if (lost === null) {
          const skip = before?.last === last ? Math.min(before.skip + 1, MOST_ROUNDS_SKIPPED) : 0;
          return void rest.set(runId, { last, skip, left: skip });
        }
        still.set(runId, last);
        if (stood.get(runId) === last) await redo(lost);
      };
      const open = await openRuns(log);
      for (let from = 0; from < open.length; from += AT_ONCE) {
        await Promise.all(open.slice(from, from + AT_ONCE).map((runId) => look(runId).catch((error: unknown) => failures.push(error))));
      }
      stood = still;
      resting = rest;
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${open.length} open runs could not be looked at: ${String(failures[0])}`);
    };
    return ports.rounds?.every(EVERY_MS, round) ?? { stop: () => Promise.resolve() };
  },
};

async function openRuns(log: EventLog): Promise<readonly string[]> {
  const open = new Set<string>();
  for (const event of (await log.read(LEDGER)).flatMap((commit) => commit.events) as readonly BudgetEvent[]) {
    if (event.type === 'governance.budget.snapshotted') for (const [runId] of event.data.open) open.add(runId);
    if (event.type === 'governance.budget.reserved') open.add(event.data.runId);
    if (event.type === 'governance.budget.settled') open.delete(event.data.runId);
  }
  return [...open];
}
