/**
 * Looks whether a run is cancelled, while its worker may be in the middle of a model call.
 *
 * I1 the command carries no authority: what ends the run is the orchestrator's record
 */
import { EndCancelledRun } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { endCancelled } from '../loop/end-cancelled.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commandBody } from '../program/command-body.js';

export const endCancelledRun: CommandReactor<RuntimePorts> = {
  name: 'end-cancelled-run',
  on: 'runtime.loop.end-cancelled',
  mayOvertake: true,
  react: async (command, work) => {
    commandBody(EndCancelledRun, command);
    await endCancelled(work, command.address.key);
  },
};
