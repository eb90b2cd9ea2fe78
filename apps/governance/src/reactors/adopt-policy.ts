/**
 * The operator puts another policy into force.
 *
 * I1 the version is the hash of the document, reckoned here: a wish that names another is a dead letter
 * I2 a wish made about another policy than the one in force changes nothing
 */
import { versionHashOf } from '@soloist/catalog';
import { AdoptPolicy } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { adoptPolicy as adopt, OPERATOR_ORIGIN, POLICY_KEY } from '../domain/policy.js';
import { policies } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const adoptPolicy: CommandReactor<GovernancePorts> = {
  name: 'adopt-policy',
  on: 'governance.policy.adopt',
  react: async (command, work) => {
    const parsed = AdoptPolicy.safeParse(command.body);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Fault('invalid', 'command.invalid', `command ${command.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}`);
    }
    const { version, document, replaces, by } = parsed.data;
    if (command.address.key !== POLICY_KEY || versionHashOf(document) !== version) {
      throw new Fault('invalid', 'command.misaddressed', `command ${command.id} names version ${version}, which is not that of its document, or another key than ${POLICY_KEY}`);
    }
    await work.commit(policies, POLICY_KEY, 'adopt', (state) => (state.latest === replaces ? adopt(state, version, document, OPERATOR_ORIGIN) : []), { actor: by });
  },
};
