/** The operator lets a run go on where it was. */
import { ResumeRun } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { goOnBy } from '../loop/override.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commandBody } from '../program/command-body.js';
import { isProgramRun, resumeProgram } from '../program/program-override.js';

export const resumeRun: CommandReactor<RuntimePorts> = {
  name: 'resume-run',
  on: 'runtime.loop.resume',
  mayOvertake: true,
  react: async (command, work) => {
    const { by, because } = commandBody(ResumeRun, command);
    const runId = command.address.key;
    const wish = { commandId: command.id, by, because };
    await ((await isProgramRun(work, runId)) ? resumeProgram(work, runId, wish) : goOnBy(work, runId, { kind: 'resumed', ...wish }));
  },
};
