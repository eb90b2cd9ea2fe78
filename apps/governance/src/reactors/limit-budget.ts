/** The operator sets a budget line, or takes one away. */
import { LimitBudget } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { bodyOf } from '../decisions/command-body.js';
import { inTurn } from '../decisions/ledger-turn.js';
import { LEDGER_KEY, limitBudget as limit, unlimitBudget } from '../domain/budget.js';
import { ledgers } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const limitBudget: CommandReactor<GovernancePorts> = {
  name: 'limit-budget',
  on: 'governance.budget.limit',
  react: async (command, work) => {
    const wish = bodyOf(LimitBudget, command, () => LEDGER_KEY);
    const outcome = await inTurn(work.ports, () =>
      work.commit(
        ledgers,
        LEDGER_KEY,
        'limit',
        (ledger) => (wish.limit === null ? unlimitBudget(ledger, wish.line, wish.by) : limit(ledger, wish.line, { limit: wish.limit, mode: wish.mode, by: wish.by }, ledger.currency ?? 'USD')),
        { actor: wish.by },
      ),
    );
    if (outcome.kind === 'rejected') throw new Fault('invalid', outcome.rejection.code, outcome.rejection.because);
  },
};
