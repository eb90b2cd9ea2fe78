/** The body of a command, checked, and held against the address it came by. */
import type { Command } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { z } from 'zod';

/** @throws Fault invalid, which makes the command a dead letter */
export function bodyOf<Schema extends z.ZodType>(schema: Schema, command: Command, keyOf: (body: z.output<Schema>) => string): z.output<Schema> {
  const parsed = schema.safeParse(command.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Fault('invalid', 'command.invalid', `command ${command.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}`);
  }
  const { context, entity, key } = command.address;
  if (context !== 'governance' || key !== keyOf(parsed.data)) {
    throw new Fault('invalid', 'command.misaddressed', `command ${command.id} is about ${keyOf(parsed.data)}, but is addressed to ${context}.${entity}.${key}`);
  }
  return parsed.data;
}
