/** The operator lets a run go on where it was. */
import { ResumeRun } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { goOnBy } from '../loop/override.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commandBody } from '../program/command-body.js';

export const resumeRun: CommandReactor<RuntimePorts> = {
  name: 'resume-run',
  on: 'runtime.loop.resume',
  react: async (command, work) => {
    const { by, because } = commandBody(ResumeRun, command);
    await goOnBy(work, command.address.key, { kind: 'resumed', commandId: command.id, by, because });
  },
};
