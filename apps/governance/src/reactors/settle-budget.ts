/**
 * A run has ended: book what it spent and free the rest of its envelope.
 *
 * I1 a run that reports more than its envelope is not booked: the reservation stays, and the report is a dead letter
 */
import type { LoopEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import { reactor } from '@soloist/service';
import { inTurn } from '../decisions/ledger-turn.js';
import { LEDGER_KEY, settleEnvelope } from '../domain/budget.js';
import { releaseHold } from '../domain/hold.js';
import { holds, ledgers } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const settleBudget = reactor<GovernancePorts, LoopEvent, 'runtime.loop.finished'>({
  name: 'settle-budget',
  on: ['runtime.loop.finished'],
  react: async ({ event, commit }, work) => {
    const runId = commit.address.key;
    const { spentMicros } = event.data;
    const booked = await inTurn(work.ports, () => work.commit(ledgers, LEDGER_KEY, 'settle', (ledger) => settleEnvelope(ledger, runId, spentMicros)));
    if (booked.kind === 'rejected') throw new Fault('invalid', booked.rejection.code, booked.rejection.because);
    await work.commit(holds, runId, 'release', (hold) => releaseHold(hold, runId, spentMicros));
  },
});
