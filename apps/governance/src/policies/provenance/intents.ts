/**
 * What the operator asks for, and what a tool does, as families of actions. Only the operator's own words are read for
 * what is asked, and only a tool's name for what it does: a description is text from outside.
 *
 * I1 words of anybody else never add to what is asked
 * I2 a family that the operator forbids is not asked, whatever else is said
 */
import { fold, wordsOf } from './forms.js';
import { nameParts } from './roles.js';
import {
  ALSO_NOUNS, ANSWERS_ME, BEFORE_GERUNDS, BEFORE_PARTICIPLES, BEFORE_VERBS, DELEGATES, LIGHT_VERBS, NEGATIONS, OPERATOR_NOUNS, OPERATOR_VERBS, SUBJECTS, TOOL_WORDS, WISHES, type Family,
} from './vocabulary.js';

const verbs = lookup(OPERATOR_VERBS);
const nouns = lookup(OPERATOR_NOUNS);
const does = lookup(TOOL_WORDS);
/** A negation reaches this many words on: "do not under any circumstances send". */
const NEGATION_REACH = 5;
const MAX_OPERATOR_WORDS = 20_000;

export interface Wishes {
  readonly families: ReadonlySet<Family>;
  readonly forbidden: ReadonlySet<Family>;
  /** Words that stand where a verb stands. */
  readonly verbs: ReadonlySet<string>;
  readonly delegates: boolean;
}

/** @param texts the operator's own words, as they were written */
export function wishesOf(texts: readonly string[]): Wishes {
  const found = { families: new Set<Family>(), forbidden: new Set<Family>(), verbs: new Set<string>(), nouns: new Set<Family>(), delegates: false, isLight: false };
  let left = MAX_OPERATOR_WORDS;
  for (const clause of texts.flatMap((text) => text.slice(0, MAX_OPERATOR_WORDS * 10).replace(/['’]t\b/g, 't').replace(/\blet['’]s\b/gi, 'lets').split(/[.!?;:,\n()"“”–—]+/))) {
    const words = wordsOf(fold(clause));
    left -= words.length;
    if (left < 0) break;
    readClause(words, found);
  }
  if (found.isLight) for (const family of found.nouns) found.families.add(family);
  return found;
}

interface Reading {
  readonly families: Set<Family>;
  readonly forbidden: Set<Family>;
  readonly verbs: Set<string>;
  readonly nouns: Set<Family>;
  delegates: boolean;
  isLight: boolean;
}

function readClause(words: readonly string[], found: Reading): void {
  let negatedUntil = -1;
  let isTold = false;
  let isWished = false;
  // "Send 12.50 to Ben": a number makes it money.
  if (words.includes('send') && words.some((word) => /^\d+$/.test(word))) found.nouns.add('pay');
  words.forEach((word, index) => {
    if (NEGATIONS.has(word)) negatedUntil = index + NEGATION_REACH;
    // "do not forget to send" asks for it.
    else if (/^(?:forget|hesitate|only|just|but|instead)$/.test(word)) negatedUntil = -1;
    if (DELEGATES.has(word)) found.delegates = true;
    const before = words[index - 1];
    const isPlace = before === undefined || BEFORE_VERBS.has(before);
    if (isPlace) found.verbs.add(word);
    const isNegated = index <= negatedUntil;
    for (const family of nouns.get(word) ?? nouns.get(word.replace(/s$/, '')) ?? []) if (!isNegated) found.nouns.add(family);
    // "What did she ask", "does he pay": told, not asked for.
    isTold ||= word === 'did' || word === 'does';
    isWished ||= WISHES.has(word);
    const verb = isTold ? null : verbSaid(word, before, words[index + 1], isPlace, isWished);
    if (verb === null) return;
    if (!isNegated && LIGHT_VERBS.has(verb) && words[index + 1] !== 'not') found.isLight = true;
    for (const family of verbs.get(verb) ?? []) (isNegated ? found.forbidden : found.families).add(family);
  });
}

/** The verb that a word asks for, or null: past tenses and nouns tell of things, they do not ask for them. */
function verbSaid(word: string, before: string | undefined, after: string | undefined, isPlace: boolean, isWished: boolean): string | null {
  if (verbs.has(word) || LIGHT_VERBS.has(word)) {
    if (ANSWERS_ME.has(word) && (after === 'me' || after === 'us')) return null;
    if (before !== undefined && SUBJECTS.has(before)) return null;
    return ALSO_NOUNS.has(word) && !isPlace ? null : word;
  }
  if (before === undefined) return null;
  const isPassive = (isWished || BEFORE_PARTICIPLES.has(before)) && /(?:ed|aid|ent)$/.test(word);
  const isGerund = BEFORE_GERUNDS.has(before) && word.endsWith('ing');
  return isPassive || isGerund ? (stems(word).find((stem) => verbs.has(stem)) ?? null) : null;
}

/** The families of action that the word at this place asks for, if it stands there as a verb; of a clause without punctuation. */
export function askedAt(words: readonly string[], index: number): { readonly verb: string; readonly families: readonly Family[] } | null {
  const verb = verbSaid(words[index] ?? '', words[index - 1], words[index + 1], isImperativeAt(words, index), false);
  return verb === null ? null : { verb, families: verbs.get(verb) ?? [] };
}

/** Whether an imperative or an infinitive may stand at this place. */
export function isImperativeAt(words: readonly string[], index: number): boolean {
  const before = words[index - 1];
  return before === undefined || BEFORE_VERBS.has(before);
}

export interface ToolKind {
  readonly families: ReadonlySet<Family>;
  readonly parts: readonly string[];
}

/** What a tool does: a money word, a share word or a credential word outweighs the plain verb. */
export function kindOf(toolName: string): ToolKind {
  const parts = nameParts(toolName);
  const families = new Set(parts.flatMap((part) => familiesOfWord(part, does)));
  const kind = (...only: readonly Family[]): ToolKind => ({ families: new Set(only), parts });
  if (families.has('credential')) return kind('credential');
  if (families.has('delete')) return kind('delete');
  if (families.has('pay') && !families.has('change')) return kind('pay');
  if (families.has('share')) return kind('share');
  if (parts.includes('user') && parts.includes('add')) return kind('share');
  return { families, parts };
}

export function isAskedBy(tool: ToolKind, wishes: Wishes): boolean {
  if (tool.families.size > 0) return [...tool.families].some((family) => wishes.families.has(family));
  return tool.parts.some((part) => part.length > 3 && wishes.verbs.has(part));
}

export function isForbiddenBy(tool: ToolKind, wishes: Wishes): boolean {
  const { families } = tool;
  return families.size > 0 && [...families].every((family) => wishes.forbidden.has(family) && !wishes.families.has(family));
}

function lookup(table: Readonly<Partial<Record<Family, string>>>): ReadonlyMap<string, readonly Family[]> {
  const found = new Map<string, Family[]>();
  for (const [family, words] of Object.entries(table) as [Family, string][]) {
    for (const word of words.split(' ')) found.set(word, [...(found.get(word) ?? []), family]);
  }
  return found;
}

function familiesOfWord(word: string, table: ReadonlyMap<string, readonly Family[]>): readonly Family[] {
  for (const stem of stems(word)) {
    const families = table.get(stem);
    if (families !== undefined) return families;
  }
  return [];
}

/** The word itself, then what it may be an ending of. */
export function stems(word: string): readonly string[] {
  const found = [word];
  const cut = (ending: string, put = ''): void => {
    if (word.length > ending.length + 2 && word.endsWith(ending)) found.push(word.slice(0, -ending.length) + put);
  };
  cut('s');
  cut('es');
  cut('ies', 'y');
  cut('ed');
  cut('d');
  cut('ied', 'y');
  cut('ing');
  cut('ing', 'e');
  const doubled = /^(\w+?)([bdgmnpt])\2(?:ed|ing)$/.exec(word);
  if (doubled !== null) found.push(`${doubled[1] ?? ''}${doubled[2] ?? ''}`);
  if (word === 'paid') found.push('pay');
  if (word === 'sent') found.push('send');
  return found;
}
