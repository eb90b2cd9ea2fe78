/**
 * Finds agents' runs that no delivery will move any more, and moves them on (GUARANTEES G28): what should have been
 * delivered is on the log and was acked, lost or buried without having done its work. Programs: `sweep-stuck-programs.ts`.
 *
 * I1 open runs are those with money reserved: the ledger knows them all, and none that has ended
 * I2 what another worker has in hand is left to it
 */
import type { BudgetEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import type { Source } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { lostDelivery } from './lost-delivery.js';
import { StandStill } from './stand-still.js';

export const EVERY_MS = 20_000;
const LEDGER = { context: 'governance', entity: 'budget', key: 'company' } as const;

export const sweepStuckRuns: Source<RuntimePorts> = {
  name: 'sweep-stuck-runs',
  start: async ({ ports, connection: { log }, redo }) => {
    const standing = new StandStill();
    const round = async (): Promise<void> =>
      standing.round(await openRuns(log), async (runId) => {
        const episode = await log.episode(runId);
        const lost = lostDelivery(episode);
        return { last: episode.at(-1)?.position.sequence ?? 0, move: lost === null ? null : () => redo(lost) };
      });
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
