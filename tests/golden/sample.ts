/**
 * A value that fits a schema, always the same one: for every event of a release, also those that no test writes.
 *
 * I1 what it makes was checked by the schema itself
 */
import { z } from 'zod';

interface Shape {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly prefixItems?: readonly Shape[];
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
  readonly additionalProperties?: Shape | boolean;
  readonly propertyNames?: Shape;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
}

/** Tried in turn where a pattern says how a text looks. */
const TEXTS = ['golden', 'a'.repeat(64), 'a'.repeat(32), 'a'.repeat(16), 'USD', '2026-01-02', '2026-01-02T03:04:05.000Z', '12:30', 'mail.send', 'ada@client.example', 'b6b1a9d2-6c1f-4d7e-8f55-0a1b2c3d4e5f', 'company/day/money', '1'];
/** What a free text of this name really holds, because later versions read it. */
const NAMED: Readonly<Record<string, string>> = { line: 'company-day', limits: 'company-day', timeZone: 'Europe/Berlin', spentByAgentDay: '2026-01-02/desk' };

/** @throws Error when no such value is found: teach `TEXTS` the pattern */
export function sampleOf(schema: z.ZodType): unknown {
  const shape = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Shape;
  const value = make(shape, shape.$defs ?? {}, 0);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Error(`no sample: ${checked.error.message}`);
}

function make(shape: Shape, defs: Readonly<Record<string, Shape>>, depth: number, name = ''): unknown {
  if (shape.$ref !== undefined) return depth > 12 ? null : make(defs[shape.$ref.replace('#/$defs/', '')] ?? {}, defs, depth + 1);
  if ('const' in shape) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  const choice = shape.anyOf ?? shape.oneOf;
  if (choice !== undefined) return make(choice.find(({ type }) => type !== 'null') ?? {}, defs, depth + 1);
  if (shape.allOf !== undefined) return make(Object.assign({}, ...shape.allOf) as Shape, defs, depth + 1);
  switch (Array.isArray(shape.type) ? shape.type[0] : shape.type) {
    case 'object':
      return objectOf(shape, defs, depth, name);
    case 'array':
      if (shape.prefixItems !== undefined) return shape.prefixItems.map((item) => make(item, defs, depth + 1));
      return Array.from({ length: Math.max(1, shape.minItems ?? 1) }, () => make(shape.items ?? {}, defs, depth + 1));
    case 'string':
      return textOf(shape, name);
    case 'integer':
    case 'number':
      return Math.min(Math.max(7, shape.minimum ?? 0, (shape.exclusiveMinimum ?? 0) + 1), shape.maximum ?? Infinity);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function objectOf({ properties, additionalProperties, propertyNames }: Shape, defs: Readonly<Record<string, Shape>>, depth: number, name: string): unknown {
  const own = Object.fromEntries(Object.entries(properties ?? {}).map(([member, shape]) => [member, make(shape, defs, depth + 1, member)]));
  if (properties !== undefined || typeof additionalProperties !== 'object') return own;
  const key = propertyNames === undefined ? 'golden' : String(make(propertyNames, defs, depth + 1, name) ?? 'golden');
  return { [key]: make(additionalProperties, defs, depth + 1) };
}

function textOf({ pattern, minLength }: Shape, name: string): string {
  if (pattern === undefined) return NAMED[name] ?? 'golden'.padEnd(minLength ?? 0, 'n');
  const form = new RegExp(pattern);
  const text = TEXTS.find((candidate) => form.test(candidate));
  if (text === undefined) throw new Error(`no text of the form ${pattern}`);
  return text;
}
