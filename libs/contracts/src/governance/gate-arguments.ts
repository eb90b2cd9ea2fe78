/**
 * What an operator may make of an action's arguments. Connectors check what goes out once more by their own rules; this
 * is what governance can say before a decision is recorded.
 *
 * I1 an action with a shape of its own here is held to that shape
 * I2 of every other action an edit keeps the fields there were, each with the same kind of value
 */
import { z } from 'zod';

const ADDRESS = /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
const ONE_LINE = /^[^\u0000-\u001f\u007f]*$/;
const NO_NUL = /^[^\u0000]*$/;
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]+>$/;

const MailSendArguments = z.strictObject({
  to: z.array(z.string().max(254).regex(ADDRESS, 'is no mail address')).min(1, 'needs at least one address').max(50),
  subject: z.string().min(1, 'is empty').max(500).regex(ONE_LINE, 'must be one line'),
  text: z.string().min(1, 'is empty').max(200_000).regex(NO_NUL, 'holds a NUL character'),
  inReplyTo: z.string().max(900).regex(MESSAGE_ID, 'is no Message-ID').nullable().optional(),
});

const SHAPES: Readonly<Record<string, z.ZodType>> = { 'mail.send': MailSendArguments };
const MAX_REASONS = 5;
const MAX_DEPTH = 32;

/** Names every wrong field and the reason, never its value; null when the edit may stand. */
export function editProblem(action: string, before: unknown, after: unknown): string | null {
  const torn = tornText(after, 'arguments', 0);
  if (torn !== null) return torn;
  const shape = SHAPES[action];
  if (shape === undefined) return formProblem(before, after, 'arguments');
  const checked = shape.safeParse(after);
  if (checked.success) return null;
  return checked.error.issues.slice(0, MAX_REASONS).map((issue) => `${issue.path.join('.') || 'arguments'} ${issue.message}`).join('; ');
}

/** Half of a surrogate pair, or a nesting that nothing could digest. */
function tornText(value: unknown, path: string, depth: number): string | null {
  if (depth > MAX_DEPTH) return `${path} is nested too deeply`;
  if (typeof value === 'string') return value.isWellFormed() ? null : `${path} holds half of a surrogate pair`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, item] of Object.entries(value)) {
    const problem = name.isWellFormed() ? tornText(item, `${path}.${name}`, depth + 1) : `${path} has a name that holds half of a surrogate pair`;
    if (problem !== null) return problem;
  }
  return null;
}

function formProblem(before: unknown, after: unknown, path: string): string | null {
  if (kindOf(before) !== kindOf(after)) return `${path} must stay ${kindOf(before)}`;
  if (kindOf(before) === 'a list') return listProblem(before as readonly unknown[], after as readonly unknown[], path);
  if (kindOf(before) !== 'an object') return null;
  const [old, now] = [before as Readonly<Record<string, unknown>>, after as Readonly<Record<string, unknown>>];
  const stranger = [...Object.keys(old), ...Object.keys(now)].find((name) => !Object.hasOwn(old, name) || !Object.hasOwn(now, name));
  if (stranger !== undefined) return `${path} must keep the fields there were; ${stranger.slice(0, 50).toWellFormed()} differs`;
  for (const name of Object.keys(old)) {
    const problem = formProblem(old[name], now[name], `${path}.${name}`);
    if (problem !== null) return problem;
  }
  return null;
}

function listProblem(before: readonly unknown[], after: readonly unknown[], path: string): string | null {
  for (const [index, item] of after.entries()) {
    // Every item is like one that was there; of a list that was empty nobody knows what belongs in it.
    if (!before.some((one) => formProblem(one, item, path) === null)) return `${path}.${index} must be like one of the values that were there`;
  }
  return null;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
