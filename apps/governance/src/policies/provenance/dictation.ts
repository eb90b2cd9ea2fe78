/**
 * A dictated message says what was dictated, and its sense stands: the same words affirmed, the same denied, the same
 * numbers, the same predicate. "Has worked" may become "worked", never "has not worked" or "failed".
 *
 * I1 pure, total, linear in the length of the message
 * I2 only the operator's words tell what was dictated; what the texts say plays no part, so less trust changes nothing
 *    here but the numbers that are ours, and those only become fewer
 */
import { compact, daysIn, fold, wordsOf } from './forms.js';
import { CLOSED_CLASS, stemOf } from './wording.js';

/** What turns a sentence round, by grammar or by its own sense: "did not work", "failed to work". */
const NEGATORS = new Set('not no never none nobody nothing nowhere neither nor without hardly barely scarcely fail refuse decline deny reject cease stop cancel doubt lack unable impossible false untrue wrong incorrect unlikely'.split(' ').map(stemOf));
/** Between a negation and what it denies they change nothing: "will not be able to come". */
const LIGHT = new Set('able going longer yet unfortunately sadly regrettably really actually currently still even get got'.split(' ').map(stemOf));
const AUXILIARIES = new Set('is are was were be been am m re s ve ll d has have had will would shall should can could may might must do does did not never i we he she they it you there'.split(' '));
const PREPOSITIONS = new Set('on at in to for with by from until till of as about after before since during into over under'.split(' '));
const NUMBER_WORDS = new Map('zero one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, number) => [word, number] as const));
const ISO_DAY = /\b\d{4}-\d{1,2}-\d{1,2}(?:t[\d:.z]*)?/gi;

/** "Can't" and "cannot" as the words they stand for. */
export function plainNegations(text: string): string {
  if (!/n['’]?t\b|cannot/i.test(text)) return text;
  return text
    .replace(/\b(?:can['’]?t|cannot)\b/gi, 'can not')
    .replace(/\bwon['’]t\b/gi, 'will not')
    .replace(/\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n['’]?t\b/gi, '$1 not');
}

/** What a clause, or several together, affirms and denies, word by word. */
export interface Skeleton {
  /** Whether each word that carries something is affirmed (`true`), denied, or both in turn. */
  readonly signs: ReadonlyMap<string, ReadonlySet<boolean>>;
  readonly isNegated: boolean;
  /**
   * What is said of something, as stems: the first word that carries something after an auxiliary or a pronoun ("has
   * *worked*"); where neither stands, all that carry something up to a preposition ("the *pool opens* on Monday").
   */
  readonly predicate: readonly string[];
}

/** @param words folded, with negations plain */
export function skeletonOf(words: readonly string[]): Skeleton {
  const signs = new Map<string, Set<boolean>>();
  let isDenied = false;
  let isNegated = false;
  for (const word of words) {
    const stem = stemOf(word);
    const isNegator = NEGATORS.has(stem);
    if (isNegator) isDenied = isNegated = true;
    if (isNegator || isLight(word)) continue;
    signs.set(stem, (signs.get(stem) ?? new Set<boolean>()).add(!isDenied));
    isDenied = false;
  }
  return { signs, isNegated, predicate: predicateOf(words) };
}

function isLight(word: string): boolean {
  return CLOSED_CLASS.has(word) || AUXILIARIES.has(word) || LIGHT.has(stemOf(word));
}

function predicateOf(words: readonly string[]): readonly string[] {
  const auxiliary = words.findIndex((word, index) => AUXILIARIES.has(word) && !(word === 'may' && isMonth(words, index)));
  if (auxiliary !== -1) {
    const said = words.slice(auxiliary + 1).find((word) => !isLight(word));
    return said === undefined ? [] : [stemOf(said)];
  }
  const preposition = words.findIndex((word, index) => index > 0 && PREPOSITIONS.has(word));
  return words.slice(0, preposition === -1 ? words.length : preposition).filter((word) => !isLight(word)).map(stemOf);
}

/** "On May 3", "3 May", "in May". */
function isMonth(words: readonly string[], index: number): boolean {
  const [before, after] = [words[index - 1] ?? '', words[index + 1] ?? ''];
  return /^\d/.test(before) || /^\d/.test(after) || PREPOSITIONS.has(before);
}

/** All that an operator dictated. */
export class Dictation {
  /** The clauses taken together. */
  readonly signs: ReadonlyMap<string, ReadonlySet<boolean>>;
  readonly isNegated: boolean;

  constructor(private readonly clauses: readonly Skeleton[]) {
    const signs = new Map<string, Set<boolean>>();
    for (const clause of clauses) for (const [stem, sign] of clause.signs) signs.set(stem, new Set([...(signs.get(stem) ?? []), ...sign]));
    this.signs = signs;
    this.isNegated = clauses.some((one) => one.isNegated);
  }

  /** Whether a message says something else than what was dictated; false where nothing was. */
  isTurnedBy(sentences: readonly string[], ours: OurNumbers): boolean {
    if (this.clauses.length === 0) return false;
    const words = sentences.map((sentence) => wordsOf(fold(plainNegations(sentence))));
    return sentences.some((sentence, place) => this.isTurnedIn(sentence, words[place] ?? [], ours)) || this.isLeftOut(new Set(words.flat().map(stemOf)));
  }

  private isTurnedIn(sentence: string, words: readonly string[], ours: OurNumbers): boolean {
    const { signs, isNegated } = skeletonOf(words);
    const held = [...signs].filter(([stem]) => this.signs.has(stem));
    // A sentence of one word, "No.", speaks of what was said beside it.
    if (held.length === 0 && signs.size > 1) return false;
    if (isNegated && !this.isNegated) return true;
    if (held.some(([stem, sign]) => [...sign].some((one) => this.signs.get(stem)?.has(one) !== true))) return true;
    return held.length > 0 && hasOtherNumber(sentence, ours);
  }

  /** It speaks of a dictated clause without that clause's predicate. */
  private isLeftOut(said: ReadonlySet<string>): boolean {
    return this.clauses.some(({ signs, predicate }) => predicate.some((stem) => !said.has(stem)) && [...signs.keys()].some((stem) => said.has(stem)));
  }
}

/** Numbers as the operator or a trusted record gives them. */
export interface OurNumbers {
  readonly has: (written: string) => boolean;
  readonly hasDay: (day: string) => boolean;
}

function hasOtherNumber(sentence: string, ours: OurNumbers): boolean {
  const rest = sentence.replace(ISO_DAY, (day) => ([...daysIn(day)].some((one) => ours.hasDay(one)) ? ' ' : day));
  return wordsOf(fold(rest)).some((word) => {
    const written = NUMBER_WORDS.get(word) ?? (/^\d+$/.test(word) ? Number(word) : null);
    if (written === null || word === '00' || ours.has(word)) return false;
    const forms = [String(written), String(written - 12), [...NUMBER_WORDS].find(([, number]) => number === written || number === written - 12)?.[0] ?? ''];
    return !forms.some((form) => form !== '' && ours.has(form)) && !ours.has(compact(word));
  });
}
