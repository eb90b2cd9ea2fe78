/** The operator holds a run: no new model call and no new effect until it is resumed. */
import { PauseRun } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { pause } from '../loop/override.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commandBody } from '../program/command-body.js';
import { isProgramRun, pauseProgram } from '../program/program-override.js';

export const pauseRun: CommandReactor<RuntimePorts> = {
  name: 'pause-run',
  on: 'runtime.loop.pause',
  mayOvertake: true,
  react: async (command, work) => {
    const { by, because } = commandBody(PauseRun, command);
    const runId = command.address.key;
    const wish = { commandId: command.id, by, because };
    await ((await isProgramRun(work, runId)) ? pauseProgram(work, runId, wish) : pause(work, runId, wish));
  },
};
