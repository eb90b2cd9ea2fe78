/**
 * What a program is started with, held against the program's own JSON Schema. The API asks before it publishes a wish, the
 * worker before it runs the code; both ask this, so that they never differ.
 */
import { z } from 'zod';

const MAX_REASONS = 5;
/** Schemas are few and read again and again; by the object, which nobody changes. */
const compiled = new WeakMap<object, z.ZodType>();

type Schema = Readonly<Record<string, unknown>>;

/** Null when inputs can be held against it, else why not. */
export function inputSchemaProblem(schema: Schema): string | null {
  try {
    compile(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Names every wrong field and the reason, never its value; null when the program can be started with it. @throws Error for a schema that has a problem itself */
export function inputProblem(schema: Schema | null, input: unknown): string | null {
  if (schema === null) return null;
  const checked = compile(schema).safeParse(input);
  if (checked.success) return null;
  return checked.error.issues.slice(0, MAX_REASONS).map(({ path, message }) => `${['input', ...path.map(String)].join('.')}: ${message}`).join('; ');
}

function compile(schema: Schema): z.ZodType {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  compiled.set(schema, made);
  return made;
}
