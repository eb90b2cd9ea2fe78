/**
 * Routing rules: where a mail goes, decided by rules in order, before any model is asked.
 *
 * I1 the first rule whose conditions all hold decides; where none does, `otherwise` does
 * I2 a condition holds when one of its patterns matches the field. Matching ignores case. A pattern without `*` matches
 *    when the field contains it; with `*` (any characters, none too) it must cover the whole field. Nothing else is special
 */
import { AgentName } from '@soloist/contracts';
import { z } from 'zod';
import { CatalogError } from './catalog-error.js';
import { ROUTING_RULES_FILE } from './folders.js';
import { versionHashOf } from './version-hash.js';
import { readYamlFile } from './yaml-file.js';

const Pattern = z.string().min(1).max(200);
/** One pattern or several of which one must match. */
const Patterns = z.union([Pattern, z.array(Pattern).min(1).max(50)]).transform((one) => (typeof one === 'string' ? [one] : one));

const RuleRoute = z.union([
  z.literal('archive'),
  z.literal('inbox'),
  z.strictObject({ agent: AgentName }),
], { error: 'must be archive, inbox, or agent: <name>' });

export const RoutingRule = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a-z, digits and -, at most 64, starting with a letter'),
  when: z
    .strictObject({
      /** The sender's address. */
      from: Patterns.optional(),
      /** Any recipient's address. */
      to: Patterns.optional(),
      subject: Patterns.optional(),
      text: Patterns.optional(),
      /** Holds when the subject or the text matches. */
      subjectOrText: Patterns.optional(),
    })
    .refine((when) => Object.values(when).some((patterns) => patterns !== undefined), 'names no condition; a rule without one would take everything'),
  route: RuleRoute,
  /** Told to the operator beside every mail that the rule placed. */
  because: z.string().min(1).max(300),
});
export type RoutingRule = z.output<typeof RoutingRule>;

export const RoutingRules = z.strictObject({
  rules: z.array(RoutingRule).max(500),
  otherwise: RuleRoute.default('inbox'),
});
export type RoutingRules = z.output<typeof RoutingRules>;

export interface CatalogRoutingRules {
  readonly version: string;
  readonly document: RoutingRules;
  readonly origin: string;
}

/** @throws CatalogError naming every problem, with line and column */
export function loadRoutingRules(file: string = ROUTING_RULES_FILE): CatalogRoutingRules {
  const result = readYamlFile(file, RoutingRules);
  if (!result.ok) throw new CatalogError(result.problems);
  const { value: document, place } = result.read;
  const seen = new Set<string>();
  document.rules.forEach((rule, index) => {
    if (seen.has(rule.name)) {
      const path = ['rules', index, 'name'];
      throw new CatalogError([{ file, ...place(path), path: `rules[${index}].name`, reason: `a rule before has the name ${rule.name} too`, next: 'give this rule another name' }]);
    }
    seen.add(rule.name);
  });
  return { version: versionHashOf(document), document, origin: file };
}

/** I2. Pure and linear in the length of the field: no regular expression, so no pattern can be made to hang. */
export function matchesPattern(pattern: string, field: string): boolean {
  const wanted = pattern.toLowerCase();
  const text = field.toLowerCase();
  if (!wanted.includes('*')) return text.includes(wanted);
  const parts = wanted.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
