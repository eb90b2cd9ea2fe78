/**
 * How far the operator's own words let a text from outside speak in a message: not at all where they say what is to be
 * said ("reply that I accept"), for an answer where they ask for one ("tell Ann whether it rains"), and throughout where
 * they ask to pass a text on ("forward it", "send Ann a summary of the page").
 *
 * I1 only the operator's words are read
 */
import { fold, withoutEmails, wordsOf } from './forms.js';
import { askedAt } from './intents.js';
import { contentOf, sentencesOf, stemOf } from './wording.js';
import type { Family } from './vocabulary.js';

export const RELAYS = ['dictated', 'answer', 'passed-on'] as const;
export type Relay = (typeof RELAYS)[number];

export interface Saying {
  readonly relay: Relay;
  /** What the operator speaks of, as stems, without the verbs of the orders. */
  readonly topic: ReadonlySet<string>;
}

const OUTWARD: ReadonlySet<Family> = new Set(['communicate', 'publish', 'share', 'create', 'pay']);
const PASSING_ON = new Set('forward fwd relay pass quote summarize summarise recap translate digest transcribe excerpt compile copy extract'.split(' '));
const PASSED_ON = new Set('summary summaries digest gist recap overview translation transcript excerpt highlights minutes findings results report roundup essence list lists'.split(' '));
const POINTING = new Set(['it', 'them', 'these', 'those']);
const ASKING = new Set('what whether when how who which why where if'.split(' '));
/** A name that happens to be made of words: `price-list.csv` asks for no list. */
const FILE_OR_HOST = /[\p{L}\p{N}/_-]{1,200}\.[\p{L}\p{N}]\S{0,200}/gu;
const MAX_SENTENCES = 2_000;
/** So far a verb reaches. */
const MAX_REST = 40;

/** @param texts the operator's own words, as they were written */
export function sayingOf(texts: readonly string[]): Saying {
  let relay = 0;
  const topic = new Set<string>();
  for (const sentence of texts.flatMap((text) => sentencesOf(withoutEmails(text).replace(FILE_OR_HOST, ' '))).slice(0, MAX_SENTENCES)) {
    const clauses = clausesOf(sentence);
    const orders = new Set<string>();
    clauses.forEach(({ words, isQuoted }, place) => {
      words.forEach((word, index) => {
        const asked = isQuoted ? null : askedAt(words, index);
        if (asked === null) return;
        orders.add(stemOf(word));
        if (asked.families.some((family) => OUTWARD.has(family))) relay = Math.max(relay, RELAYS.indexOf(relayAt(clauses, place, index)));
      });
    });
    for (const word of contentOf(sentence)) if (!orders.has(word)) topic.add(word);
  }
  return { relay: RELAYS[relay] ?? 'dictated', topic };
}

interface Clause {
  readonly words: readonly string[];
  readonly isQuoted: boolean;
  /** What follows is dictated: a colon or a quotation. */
  readonly opensText: boolean;
}

function clausesOf(sentence: string): readonly Clause[] {
  const parts = sentence.split(/([,:()"“”„–—]+)/);
  const clauses: Clause[] = [];
  let isQuoted = false;
  for (let index = 0; index < parts.length; index += 2) {
    const mark = parts[index + 1] ?? '';
    clauses.push({ words: wordsOf(fold(parts[index] ?? '')), isQuoted, opensText: /[:"“„]/.test(mark) && !isQuoted });
    if (/["“”„]/.test(mark)) isQuoted = !isQuoted;
  }
  return clauses;
}

function relayAt(clauses: readonly Clause[], place: number, index: number): Relay {
  const clause = clauses[place];
  if (clause === undefined) return 'dictated';
  const { words, opensText } = clause;
  if (PASSING_ON.has(words[index] ?? '')) return 'passed-on';
  const rest = words.slice(index + 1, index + 1 + MAX_REST);
  const asks = rest.findIndex((word) => ASKING.has(word));
  const dictates = rest.findIndex((word) => word === 'that' || word === 'saying');
  if (dictates !== -1 && (asks === -1 || dictates < asks)) return 'dictated';
  // "Tell her what changed" asks for whatever there is, "whether", "when" and "ask her what" for one thing.
  if (asks !== -1) return rest[asks] === 'what' && words[index] !== 'ask' ? 'passed-on' : 'answer';
  if (rest.some((word) => PASSED_ON.has(word))) return 'passed-on';
  // "Look it up and send it to Ann": something was to be read before.
  if (POINTING.has(rest[0] ?? '') && (place > 0 || index > 1)) return 'passed-on';
  return opensText ? 'dictated' : 'answer';
}
