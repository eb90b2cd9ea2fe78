/** The operator lets an agent's new runs take the latest version again. */
import { UnpinAgent } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { bodyOf } from '../decisions/command-body.js';
import { unpinDefinition } from '../domain/definition.js';
import { definitions } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const unpinAgent: CommandReactor<GovernancePorts> = {
  name: 'unpin-agent',
  on: 'governance.definition.unpin',
  react: async (command, work) => {
    const { agent, by, because } = bodyOf(UnpinAgent, command, (body) => body.agent);
    await work.commit(definitions, agent, 'unpin', (state) => unpinDefinition(state, { commandId: command.id, by, because }), { actor: by });
  },
};
