/** A run is to stop: at once when it waits, else when its worker writes next. */
import { CancelProgram } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { advanceProgram } from '../program/advance-program.js';
import { commandBody } from '../program/command-body.js';

export const cancelProgram: CommandReactor<RuntimePorts> = {
  name: 'cancel-program',
  on: 'runtime.loop.cancel-program',
  mayOvertake: true,
  react: async (command, work) => {
    const { because } = commandBody(CancelProgram, command);
    await advanceProgram(work, {
      runId: command.address.key,
      isWish: true,
      isKnown: (state) => state.isCancelled,
      facts: (state) => (state.begun === null ? null : [{ type: 'runtime.loop.cancel-requested', data: { by: command.actor, because } }]),
      settles: null,
    });
  },
};
