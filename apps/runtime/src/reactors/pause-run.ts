/** The operator holds a run: no new model call and no new effect until it is resumed. */
import { PauseRun } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { pause } from '../loop/override.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commandBody } from '../program/command-body.js';

export const pauseRun: CommandReactor<RuntimePorts> = {
  name: 'pause-run',
  on: 'runtime.loop.pause',
  react: async (command, work) => {
    const { by, because } = commandBody(PauseRun, command);
    await pause(work, command.address.key, { commandId: command.id, by, because });
  },
};
