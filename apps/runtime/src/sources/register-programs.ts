/** At start, the programs that this worker has the code of become known: the API starts none that nobody has registered. */
import { PROGRAM_REGISTER_KEY } from '@soloist/contracts';
import type { Source } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { programRegister, register } from '../program/program-register.js';

export const registerPrograms: Source<RuntimePorts> = {
  name: 'register-programs',
  start: async ({ ports, connection: { log }, commit }) => {
    const own = ports.programs?.all() ?? [];
    // One event a commit, since a schema may be large. A worker with other programs that starts now may say otherwise in between.
    for (let most = 2 * own.length; most > 0; most -= 1) {
      const head = await log.head({ context: 'runtime', entity: 'program', key: PROGRAM_REGISTER_KEY });
      // The same programs may come back after others: the same change from another history is another commit.
      const outcome = await commit(`programs:${head?.hash ?? 'none'}`, programRegister, PROGRAM_REGISTER_KEY, 'register', (state) => register(state, own).slice(0, 1));
      if (outcome.kind === 'unchanged') break;
    }
    return { stop: () => Promise.resolve() };
  },
};
