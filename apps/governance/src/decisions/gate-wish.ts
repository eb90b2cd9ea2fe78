/** A wish about a run's gates, whole and addressed to the run it names, or a dead letter. */
import type { Command } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { z } from 'zod';

/** @throws Fault invalid */
export function gateWishOf<Wish extends { readonly runId: string; readonly gateId?: string }>(shape: z.ZodType<Wish>, command: Command): Wish {
  const parsed = shape.safeParse(command.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Fault('invalid', 'command.invalid', `command ${command.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}`);
  }
  const { runId, gateId } = parsed.data;
  const { context, entity, key } = command.address;
  if (context !== 'governance' || entity !== 'gate' || key !== runId || (gateId !== undefined && !gateId.startsWith(`${runId}-g`))) {
    throw new Fault('invalid', 'command.misaddressed', `command ${command.id} names run ${runId} and gate ${gateId ?? 'none'}, but is addressed to ${context}.${entity}.${key}`);
  }
  return parsed.data;
}
