/** Wishes about budgets, published by governance's API only. */
import { z } from 'zod';
import { Id, Micros } from '../scalars.js';
import { BUDGET_MODES, BudgetLineName } from './budget.js';

const by = z.string().min(1).max(200);
const because = z.string().min(1).max(500);

/** Addressed to `governance.budget.company`. `limit` null: the line is taken away. */
export const LimitBudget = z.strictObject({
  type: z.literal('governance.budget.limit'),
  line: BudgetLineName,
  limit: z.int().nonnegative().nullable(),
  mode: z.enum(BUDGET_MODES),
  by,
});
export type LimitBudget = z.output<typeof LimitBudget>;

/** Addressed to `governance.budget.company`: a bill says what a settled run really cost. */
export const CorrectBudget = z.strictObject({ type: z.literal('governance.budget.correct'), runId: Id, afterMicros: Micros, by, because });
export type CorrectBudget = z.output<typeof CorrectBudget>;

/** Addressed to `governance.hold.<runId>`: the operator's answer to a run that would pass a line of the mode `ask`. */
export const DecideExtension = z.strictObject({ type: z.literal('governance.hold.decide-extension'), runId: Id, decision: z.enum(['extend', 'refuse']), by, because });
export type DecideExtension = z.output<typeof DecideExtension>;
