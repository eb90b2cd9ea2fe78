/** The operator pins an agent to one of its versions. */
import { PinAgent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { bodyOf } from '../decisions/command-body.js';
import { pinDefinition } from '../domain/definition.js';
import { definitions } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const pinAgent: CommandReactor<GovernancePorts> = {
  name: 'pin-agent',
  on: 'governance.definition.pin',
  react: async (command, work) => {
    const { agent, version, by, because } = bodyOf(PinAgent, command, (body) => body.agent);
    const outcome = await work.commit(definitions, agent, 'pin', (state) => pinDefinition(state, version, { commandId: command.id, by, because }), { actor: by });
    if (outcome.kind === 'rejected') throw new Fault('invalid', outcome.rejection.code, outcome.rejection.because);
  },
};
