/** Wishes from outside, published by governance's API only. A command is done if its id is the cause of an event. */
import { z } from 'zod';
import { Digest, Id, JsonObject, Timestamp } from '../scalars.js';

const By = z.string().min(1).max(200);
const Surface = z.enum(['cli', 'api', 'page']);

/** Other arguments for the same action, with the digest of exactly what the operator saw when he approved them. */
export const GateEdit = z.strictObject({ args: JsonObject, digest: Digest });
export type GateEdit = z.output<typeof GateEdit>;

export const DecideGate = z.strictObject({
  type: z.literal('governance.gate.decide'),
  runId: Id,
  gateId: Id,
  decision: z.enum(['approve', 'reject']),
  /** Of the action as the gate holds it, edited or not. */
  digest: Digest,
  by: By,
  surface: Surface,
  reason: z.string().max(2_000).nullable(),
  /** With an approval only. */
  edit: GateEdit.optional(),
});
export type DecideGate = z.output<typeof DecideGate>;

/** Reminders wait until then. The gate's end does not move. */
export const SnoozeGate = z.strictObject({ type: z.literal('governance.gate.snooze'), runId: Id, gateId: Id, until: Timestamp, by: By, surface: Surface });
export type SnoozeGate = z.output<typeof SnoozeGate>;

/** What the operator says afterwards about an effect that went without a decision. */
export const ReviewEffect = z.strictObject({
  type: z.literal('governance.gate.review'),
  runId: Id,
  effectId: Id,
  verdict: z.enum(['right', 'wrong']),
  note: z.string().max(2_000),
  by: By,
});
export type ReviewEffect = z.output<typeof ReviewEffect>;
