import { BUDGET_MODES, BudgetLineName, ExtensionAsked, Id } from '@soloist/contracts';
import { z } from 'zod';

const amount = z.int().nonnegative();

/** What stands on a line in the period of now, for each name it counts. `limit` includes what the operator let it go further by. */
const BudgetPlace = z.strictObject({ period: z.string(), name: z.string(), limit: amount, used: amount, reserved: amount });
export const BudgetLine = z
  .strictObject({ line: z.string(), measure: z.string(), mode: z.enum(BUDGET_MODES), limit: amount, by: z.string(), places: z.array(BudgetPlace) })
  .meta({ id: 'BudgetLine' });
export type BudgetLine = z.output<typeof BudgetLine>;
export const BudgetList = z.strictObject({ currency: z.string().nullable(), openRuns: z.int().nonnegative(), lines: z.array(BudgetLine) }).meta({ id: 'BudgetList' });
export type BudgetList = z.output<typeof BudgetList>;

/** `limit` in micro-units for money, else a count; null takes the line away. */
export const BudgetWish = z.strictObject({ line: BudgetLineName, limit: amount.nullable(), mode: z.enum(BUDGET_MODES).default('hard') }).meta({ id: 'BudgetWish' });
export type BudgetWish = z.output<typeof BudgetWish>;

export const CorrectionWish = z.strictObject({ runId: Id, afterMicros: amount, because: z.string().min(1).max(500) }).meta({ id: 'CorrectionWish' });
export type CorrectionWish = z.output<typeof CorrectionWish>;
export const Correction = z.strictObject({ runId: Id, beforeMicros: amount, afterMicros: amount, day: z.string() }).meta({ id: 'Correction' });
export type Correction = z.output<typeof Correction>;

export const ExtensionList = z
  .strictObject({ asks: z.array(z.strictObject({ runId: Id, agent: z.string(), currency: z.string(), lines: z.array(ExtensionAsked) })) })
  .meta({ id: 'ExtensionList' });
export type ExtensionList = z.output<typeof ExtensionList>;
export const ExtensionDecision = z.strictObject({ decision: z.enum(['extend', 'refuse']), because: z.string().min(1).max(500).default('No reason was given.') }).meta({ id: 'ExtensionDecision' });
export type ExtensionDecision = z.output<typeof ExtensionDecision>;
/** `state` of the run's hold: `granted`, `refused`, or still `asked` when nothing was on record within ten seconds. */
export const ExtensionOutcome = z.strictObject({ runId: Id, state: z.enum(['asked', 'granted', 'refused', 'released']) }).meta({ id: 'ExtensionOutcome' });
export type ExtensionOutcome = z.output<typeof ExtensionOutcome>;
