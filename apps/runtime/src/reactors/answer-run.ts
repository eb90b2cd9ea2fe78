/** The operator has taken a run over and does its step. */
import { AnswerRun } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { goOnBy } from '../loop/override.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commandBody } from '../program/command-body.js';

export const answerRun: CommandReactor<RuntimePorts> = {
  name: 'answer-run',
  on: 'runtime.loop.answer',
  react: async (command, work) => {
    const { by, text } = commandBody(AnswerRun, command);
    await goOnBy(work, command.address.key, { kind: 'operator-answered', commandId: command.id, by, text });
  },
};
