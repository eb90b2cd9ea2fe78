/** Wishes from outside, published by governance's API only. A command is done if its id is the cause of an event. */
import { z } from 'zod';
import { Digest, Id } from '../scalars.js';

export const DecideGate = z.strictObject({
  type: z.literal('governance.gate.decide'),
  runId: Id,
  gateId: Id,
  decision: z.enum(['approve', 'reject']),
  digest: Digest,
  by: z.string().min(1).max(200),
  surface: z.enum(['cli', 'api', 'page']),
  reason: z.string().max(2_000).nullable(),
});
export type DecideGate = z.output<typeof DecideGate>;
