/**
 * A run asks for admission: pin its versions and set its envelope aside, say why not, or ask the operator.
 *
 * I1 before the company has a policy, nothing is refused and nothing is granted: the request waits
 * I2 while the company is stopped nobody is admitted; the request waits and is not lost
 */
import type { RunEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import { reactor } from '@soloist/service';
import { admit } from '../decisions/admission.js';
import { envelopeOf } from '../decisions/envelope.js';
import { settleLedger } from '../decisions/settle-ledger.js';
import { haltOf } from '../decisions/terms.js';
import { holds } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

/** Short at first, so that a stop that is lifted soon is hardly felt; a message is given up after a thousand deliveries. */
const LOOK_AGAIN_MS = 2_000;
/** A lifted stop must be felt within a minute (G28), the way to the end of the run included. */
const LONGEST_MS = 20_000;

export const admitBudget = reactor<GovernancePorts, RunEvent, 'orchestrator.run.requested'>({
  name: 'admit-budget',
  on: ['orchestrator.run.requested'],
  react: async ({ event }, work) => {
    const { runId } = event.data;
    const { state: hold } = await work.load(holds, runId);
    if (hold.state === 'refused') return settleLedger(work, runId, 0);
    if (hold.state !== 'none') return;
    if ((await haltOf(work, runId)).isRaised) {
      throw new Fault('transient', 'company.stopped', `The company is stopped; run ${runId} waits for its admission.`, { retryAfterMs: Math.min(LOOK_AGAIN_MS * work.deliveryCount, LONGEST_MS) });
    }
    await admit(await envelopeOf(event.data, work), runId, work);
  },
});
