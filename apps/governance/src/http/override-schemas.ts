import { Id } from '@soloist/contracts';
import { z } from 'zod';

export const OverrideWish = z.strictObject({ because: z.string().min(1).max(500).default('No reason was given.') }).meta({ id: 'OverrideWish' });
export type OverrideWish = z.output<typeof OverrideWish>;
export const OperatorAnswer = z.strictObject({ text: z.string().trim().min(1).max(4_000) }).meta({ id: 'OperatorAnswer' });
export type OperatorAnswer = z.output<typeof OperatorAnswer>;
/** `isOnRecord` false: the wish is durable, but was not carried out within ten seconds. */
export const OverrideOutcome = z.strictObject({ runId: Id, state: z.enum(['not-begun', 'running', 'paused', 'ended']), isOnRecord: z.boolean() }).meta({ id: 'OverrideOutcome' });
export type OverrideOutcome = z.output<typeof OverrideOutcome>;
