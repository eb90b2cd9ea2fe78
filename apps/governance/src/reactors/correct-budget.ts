/** A bill says what a settled run really cost: the difference is booked. */
import { CorrectBudget, type BudgetEvent } from '@soloist/contracts';
import { derivedId } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { bodyOf } from '../decisions/command-body.js';
import { inTurn } from '../decisions/ledger-turn.js';
import { LEDGER_KEY } from '../domain/budget.js';
import { correctBudget as correct } from '../domain/correction.js';
import { ledgers } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const correctBudget: CommandReactor<GovernancePorts> = {
  name: 'correct-budget',
  on: 'governance.budget.correct',
  react: async (command, work) => {
    const bill = bodyOf(CorrectBudget, command, () => LEDGER_KEY);
    const outcome = await inTurn(work.ports, async () => {
      // What is looked for never changes once it is there; corrections of one process take turns.
      const history = (await work.log.history({ context: 'governance', entity: 'budget', key: LEDGER_KEY })).flatMap((commit) => commit.events) as readonly BudgetEvent[];
      return work.commit(ledgers, LEDGER_KEY, 'correct', () => correct(history, bill, derivedId('correction', command.id)), { actor: bill.by });
    });
    if (outcome.kind === 'rejected') throw new Fault('invalid', outcome.rejection.code, outcome.rejection.because);
  },
};
