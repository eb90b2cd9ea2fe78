/**
 * A run has ended: book what it spent and free the rest of its envelope.
 *
 * I1 what the loop says it spent is booked, more than the envelope too: an unbooked bill would hold its reservation and
 *    let the next runs spend money that is gone
 * I2 a run that is closed has no reservation left, whichever of its deliveries was lost before
 * I3 a run whose loop was begun is settled by what its loop says at its end, and by nothing else
 */
import type { LoopEvent, RunEvent } from '@soloist/contracts';
import { reactor, type Work } from '@soloist/service';
import { settleLedger } from '../decisions/settle-ledger.js';
import { LEDGER_KEY, reservationOf } from '../domain/budget.js';
import type { Usage } from '../domain/ledger.js';
import { isUndecided, refuseHold, releaseHold } from '../domain/hold.js';
import { usageOf } from '../domain/usage.js';
import { holds, ledgers } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

type Ending = Extract<LoopEvent, { type: 'runtime.loop.finished' }> | Extract<RunEvent, { type: 'orchestrator.run.closed' }>;

export const settleBudget = reactor<GovernancePorts, LoopEvent | RunEvent, Ending['type']>({
  name: 'settle-budget',
  on: ['runtime.loop.finished', 'orchestrator.run.closed'],
  react: async ({ event, commit }, work) => {
    const runId = commit.address.key;
    const spentMicros = event.type === 'runtime.loop.finished' ? event.data.spentMicros : await leftToSettle(event.data.runId, work);
    if (spentMicros === null) return;
    // A hold that was neither granted nor refused must not be granted any more.
    if (event.type === 'orchestrator.run.closed') await work.commit(holds, runId, 'refuse', (hold) => refuseHold(hold, runId, 'run.closed', event.data.because));
    await settleLedger(work, runId, spentMicros, await usageOfRun(runId, work));
    await work.commit(holds, runId, 'release', (hold) => releaseHold(hold, runId, spentMicros));
  },
});

/** Null when nothing is left to do on either side, or the loop will say so itself. */
async function leftToSettle(runId: string, work: Work<GovernancePorts>): Promise<number | null> {
  const [{ state: hold }, { state: ledger }] = await Promise.all([work.load(holds, runId), work.load(ledgers, LEDGER_KEY)]);
  const isHeld = isUndecided(hold) || hold.state === 'granted';
  if (!isHeld && reservationOf(ledger, runId) === null) return null;
  const loop = (await work.log.read({ context: 'runtime', entity: 'loop', key: runId })).flatMap((commit) => commit.events) as readonly LoopEvent[];
  const end = loop.find((event) => event.type === 'runtime.loop.finished');
  if (end !== undefined) return end.data.spentMicros;
  return loop.length === 0 ? 0 : null;
}

async function usageOfRun(runId: string, work: Work<GovernancePorts>): Promise<Usage> {
  const history = await work.log.read({ context: 'runtime', entity: 'loop', key: runId });
  return usageOf(history.flatMap((commit) => (commit.events as readonly LoopEvent[]).map((event) => ({ event, at: commit.at }))));
}
