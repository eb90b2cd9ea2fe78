import { z } from 'zod';
import { COST_KEYS } from '../ports/cost-rows.js';

export const CostsQuery = z.strictObject({ by: z.enum(COST_KEYS).default('agent'), since: z.iso.date().optional() });
export type CostsQuery = z.output<typeof CostsQuery>;

const amount = z.int().nonnegative();
/** `key` null: not booked under any. A call without an answer counts with its ceiling. */
const CostRow = z.strictObject({ key: z.string().nullable(), runs: amount, calls: amount, inputTokens: amount, outputTokens: amount, costMicros: amount });
export const Costs = z
  .strictObject({ by: z.enum(COST_KEYS), since: z.string().nullable(), currency: z.string().nullable(), totalMicros: amount, rows: z.array(CostRow) })
  .meta({ id: 'Costs' });
export type Costs = z.output<typeof Costs>;
