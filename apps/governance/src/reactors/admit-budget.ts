/**
 * A run asks for admission: pin its versions and set its envelope aside, say why not, or ask the operator.
 *
 * I1 before the company has a policy, nothing is refused and nothing is granted: the request waits
 * I2 while the company is stopped the request waits (`decisions/admission.ts`) and is not lost
 */
import type { RunEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { admit } from '../decisions/admission.js';
import { envelopeOf } from '../decisions/envelope.js';
import { settleLedger } from '../decisions/settle-ledger.js';
import { holds } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const admitBudget = reactor<GovernancePorts, RunEvent, 'orchestrator.run.requested'>({
  name: 'admit-budget',
  on: ['orchestrator.run.requested'],
  react: async ({ event }, work) => {
    const { runId } = event.data;
    const { state: hold } = await work.load(holds, runId);
    if (hold.state === 'refused') return settleLedger(work, runId, 0);
    if (hold.state !== 'none') return;
    await admit(await envelopeOf(event.data, work), runId, work);
  },
});
