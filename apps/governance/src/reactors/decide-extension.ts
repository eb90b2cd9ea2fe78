/**
 * The operator answers a run that would pass a budget line of the mode `ask`.
 *
 * I1 the answer is on the hold before money moves by it; a crash in between is finished by the redelivery
 * I2 an extension goes as far as is missing when it is made, and never past a hard line
 * I3 a run that is not asking, or not asking any more, is answered by nothing
 */
import { DecideExtension, type RunEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor, Work } from '@soloist/service';
import { admit } from '../decisions/admission.js';
import { bodyOf } from '../decisions/command-body.js';
import { envelopeOf, type Requested } from '../decisions/envelope.js';
import { extendLines, reserveEnvelope } from '../domain/budget.js';
import { extendHold, refuseHold } from '../domain/hold.js';
import { holds } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const decideExtension: CommandReactor<GovernancePorts> = {
  name: 'decide-extension',
  on: 'governance.hold.decide-extension',
  react: async (command, work) => {
    const { runId, decision, by, because } = bodyOf(DecideExtension, command, (wish) => wish.runId);
    const { state: hold } = await work.load(holds, runId);
    if (hold.state !== 'asked') return;
    if (decision === 'refuse') {
      await work.commit(holds, runId, 'refuse-extension', (now) => refuseHold(now, runId, 'budget.extension-refused', because), { actor: by });
      return;
    }
    const { lines } = hold.asked;
    await work.commit(holds, runId, 'extend', (now) => extendHold(now, runId, lines, by, command.id), { actor: by });
    await admit(await envelopeOf(await requestOf(runId, work), work), runId, work, (ledger, envelope, now) => {
      const extended = extendLines(ledger, envelope, by, now);
      return extended.length > 0 ? extended : reserveEnvelope(ledger, envelope, now);
    });
  },
};

async function requestOf(runId: string, work: Work<GovernancePorts>): Promise<Requested> {
  const run = (await work.log.read({ context: 'orchestrator', entity: 'run', key: runId })).flatMap((commit) => commit.events) as readonly RunEvent[];
  const requested = run.find((event) => event.type === 'orchestrator.run.requested');
  if (requested === undefined) throw new Fault('transient', 'run.not-requested', `Run ${runId} asks for an extension, but its request was not read; it is read again.`);
  return requested.data;
}
