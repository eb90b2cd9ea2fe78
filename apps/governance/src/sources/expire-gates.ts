/**
 * Closes gates that nobody decides, so that their runs end and give their money back.
 *
 * I1 a gate is closed by its own history at the moment of the commit; the rows only say where to look
 * I2 every round looks anew, so a restart, a lost round or a second process changes nothing
 * I3 a gate that cannot be closed keeps no other from being closed
 */
import type { Source } from '@soloist/service';
import { expireGate } from '../domain/gate-closing.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const EVERY_MS = 20_000;
/** What is left over is taken up by the next round. */
const GATES_A_ROUND = 500;

export const expireGates: Source<GovernancePorts> = {
  name: 'expire-gates',
  start: (work) => {
    const { rounds, view } = work.ports;
    const round = async (): Promise<void> => {
      await view.refresh();
      const due = await view.gates({ limit: GATES_A_ROUND, state: 'open', expiresBy: rounds.now() });
      const failures: unknown[] = [];
      for (const { gateId, runId, policyVersion } of due) {
        const closing = work.commit(`expire:${gateId}`, gates, runId, `expire:${gateId}`, (state, now) => expireGate(state, gateId, now), { policy: policyVersion });
        await closing.catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${due.length} gates could not be closed: ${String(failures[0])}`);
    };
    return Promise.resolve(rounds.every(EVERY_MS, round));
  },
};
