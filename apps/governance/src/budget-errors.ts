/** What the ledger refuses. */
import type { ErrorTable } from '@soloist/kernel';

export const BUDGET_ERRORS = {
  'budget.currency': {
    kind: 'rejection',
    meaning: 'A limit or a budget is in another currency than the ledger.',
    remedy: "Give it in the ledger's currency.",
  },
  'budget.no-limit': {
    kind: 'rejection',
    meaning: 'The company has no daily limit, so nothing may be spent.',
    remedy: 'Set it: ./soloist budget set company/day/money AMOUNT.',
  },
  'budget.day-closed': {
    kind: 'rejection',
    meaning: 'The books of that day are closed: 400 other days were opened since.',
    remedy: 'Check the clock of the machine, then send the request again.',
  },
  'budget.too-many-open': {
    kind: 'rejection',
    meaning: 'Too many runs hold a reservation at once.',
    remedy: 'Wait until some have finished, or end those that are stuck: ./soloist run cancel ID.',
  },
  'budget.exhausted': {
    kind: 'rejection',
    meaning: 'A budget line does not leave enough for the run in its period.',
    remedy: 'Raise the line (./soloist budget set LINE AMOUNT), or send the request again in the next period.',
  },
  'budget.ask': {
    kind: 'rejection',
    meaning: 'The run would pass a budget line of the mode ask; it waits for the operator.',
    remedy: 'Decide it: ./soloist budget asks, then ./soloist budget extend RUN or ./soloist budget refuse RUN.',
  },
  'budget.extension-refused': {
    kind: 'rejection',
    meaning: 'The operator did not let the run pass a budget line.',
    remedy: 'Nothing; send the request again if it is wanted after all.',
  },
  'budget.unbounded': {
    kind: 'rejection',
    meaning: 'A budget line counts something that the definition of the agent does not bound.',
    remedy: 'Add perRunTokens, perRunCalls or perRunMinutes to its budget, or take the line away.',
  },
  'budget.too-many-names': {
    kind: 'rejection',
    meaning: 'The budget lines of all names count as many names as the ledger keeps.',
    remedy: 'Take a line of all names away, or give it a shorter period.',
  },
  'budget.not-settled': {
    kind: 'rejection',
    meaning: 'The run that is to be corrected has not been settled.',
    remedy: 'Wait for its end, then correct it.',
  },
  'hold.missing': {
    kind: 'outcome',
    meaning: 'The run holds no budget, so nothing may follow from it.',
    remedy: 'Report it: a run without a hold must not ask for effects.',
  },
} as const satisfies ErrorTable;
