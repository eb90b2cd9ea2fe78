import type { Command } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { z } from 'zod';

/** @throws Fault invalid naming the field and the reason: such a command is dead, not tried again */
export function commandBody<Schema extends z.ZodType>(schema: Schema, command: Command): z.output<Schema> {
  const parsed = schema.safeParse(command.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('invalid', 'command.bad-body', `Command ${command.id}, field ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}. Correct it and send it again.`);
}
