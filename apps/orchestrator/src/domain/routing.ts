/**
 * Where something that came in goes, by the operator's rules and before any model is asked.
 *
 * I1 total: every input gets exactly one route; where no rule fits, `otherwise` decides
 * I2 deterministic: the same rules, agents and input give the same route and the same reasons
 * I3 the first rule whose conditions all hold decides; nothing after it is looked at
 * I4 an agent nobody has described is never routed to: the operator's inbox gets it, with that reason
 */
import type { Route } from '@soloist/contracts';

export type RuleRoute = 'archive' | 'inbox' | { readonly agent: string };

/** The fields a rule may look at; each holds when one of its patterns matches. */
export interface RuleConditions {
  readonly from?: readonly string[] | undefined;
  readonly to?: readonly string[] | undefined;
  readonly subject?: readonly string[] | undefined;
  readonly text?: readonly string[] | undefined;
  readonly subjectOrText?: readonly string[] | undefined;
}

export interface Rule {
  readonly name: string;
  readonly when: RuleConditions;
  readonly route: RuleRoute;
  readonly because: string;
}

export interface Rulebook {
  readonly rules: readonly Rule[];
  readonly otherwise: RuleRoute;
  readonly version: string;
  /** Names an agent definition exists for. */
  readonly agents: ReadonlySet<string>;
  /** How a pattern meets a field; the rules' own language. Must be pure. */
  readonly matches: (pattern: string, field: string) => boolean;
}

export interface RoutedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Placement {
  readonly route: Route;
  /** Name of the rule that decided, or `otherwise`. */
  readonly rule: string;
  readonly reasons: readonly string[];
}

/** Of an input whose content nobody can read any more, only a person can make something. */
export const UNREADABLE: Placement = {
  route: { kind: 'inbox' },
  rule: 'unreadable',
  reasons: ['The content was erased before it was placed, so no rule could look at it.'],
};

export function place(book: Rulebook, mail: RoutedMail): Placement {
  const rule = book.rules.find((candidate) => holds(candidate.when, mail, book.matches));
  if (rule !== undefined) return placeBy(book, rule.name, rule.route, rule.because);
  return placeBy(book, 'otherwise', book.otherwise, 'No rule fits.');
}

function placeBy(book: Rulebook, rule: string, route: RuleRoute, because: string): Placement {
  const reasons = [because, `Decided by routing rules ${book.version}.`];
  if (typeof route === 'string') return { route: { kind: route }, rule, reasons };
  if (book.agents.has(route.agent)) return { route: { kind: 'agent', agent: route.agent }, rule, reasons };
  const missing = `The rule names the agent ${route.agent}, which no definition describes; add one or correct the rule.`;
  return { route: { kind: 'inbox' }, rule, reasons: [missing, ...reasons] };
}

function holds(when: RuleConditions, mail: RoutedMail, matches: Rulebook['matches']): boolean {
  const fields: readonly [readonly string[] | undefined, readonly string[]][] = [
    [when.from, [mail.from]],
    [when.to, mail.to],
    [when.subject, [mail.subject]],
    [when.text, [mail.text]],
    [when.subjectOrText, [mail.subject, mail.text]],
  ];
  return fields.every(([patterns, texts]) => patterns === undefined || patterns.some((pattern) => texts.some((text) => matches(pattern, text))));
}
