/**
 * How far the operator's own words let a text from outside speak in a message: not at all where they say what is to be
 * said ("reply that I accept"), for an answer where they ask for one ("tell Ann whether it rains"), and throughout where
 * they ask to pass a text on ("forward it", "send Ann a summary of the page").
 *
 * I1 only the operator's words are read
 * I2 what is dictated gives no orders of its own: "tell Ann that we close and call on Monday" asks for one message, whose
 *    words are all dictated
 */
import { fold, wordsOf } from './forms.js';
import { askedAt } from './intents.js';
import { judgementsIn } from './judgements.js';
import type { Family } from './vocabulary.js';

export const RELAYS = ['dictated', 'answer', 'passed-on'] as const;
export type Relay = (typeof RELAYS)[number];

/** One order to say something to somebody. */
export interface OrderToSay {
  readonly relay: Relay;
  /** From its verb up to the next order, a mail address as one word. */
  readonly words: ReadonlySet<string>;
  /** What is to be said, word by word; empty where the order leaves it open. */
  readonly dictated: readonly string[];
}

const OUTWARD: ReadonlySet<Family> = new Set(['communicate', 'publish', 'share', 'create', 'pay']);
const PASSING_ON = new Set('forward fwd relay pass quote summarize summarise recap translate digest transcribe excerpt compile copy extract'.split(' '));
const PASSED_ON = new Set('summary summaries digest gist recap overview translation transcript excerpt highlights minutes findings results report roundup essence list lists'.split(' '));
const POINTING = new Set(['it', 'them', 'these', 'those']);
const ASKING = new Set('what whatever whether when how who which why where if'.split(' '));
const DICTATING = new Set(['that', 'saying']);
/** "My appointments": a list, though nobody calls it one. Things only: "tell my clients" asks for no list of them. */
const OWN_LISTS = new Set('appointments meetings events tasks todos notes hours dates schedule agenda calendar availability'.split(' '));
/** So far a verb reaches. */
const MAX_REST = 40;

interface Clause {
  readonly words: readonly string[];
  readonly isQuoted: boolean;
  /** What follows is dictated: a colon or a quotation. */
  readonly opens: 'text' | 'quotation' | null;
}

interface Open {
  readonly relay: Relay;
  readonly words: Set<string>;
  readonly dictated: string[];
  readonly from: 'that' | 'text' | 'quotation' | null;
  isSaying: boolean;
}

/** The orders of one sentence to say something, and the verbs of all orders in it. */
export function ordersToSay(sentence: string): { readonly orders: readonly OrderToSay[]; readonly verbs: readonly string[] } {
  const clauses = clausesOf(sentence);
  const orders: Open[] = [];
  const verbs: string[] = [];
  const isDrawn = clauses.some(({ words }) => isDrawnFrom(words));
  clauses.forEach(({ words, isQuoted }, place) => {
    const open = orders.at(-1);
    if (open !== undefined && !open.isSaying && place > 0 && (open.from === 'text' || (open.from === 'quotation' && isQuoted))) open.isSaying = true;
    else if (open?.from === 'quotation' && !isQuoted) open.isSaying = false;
    words.forEach((word, index) => readWord(word, index, { clauses, place, isDrawn, orders, verbs }));
  });
  return { orders, verbs };
}

interface Reading {
  readonly clauses: readonly Clause[];
  readonly place: number;
  /** The sentence names the text whose words are to be used. */
  readonly isDrawn: boolean;
  readonly orders: Open[];
  readonly verbs: string[];
}

function readWord(word: string, index: number, reading: Reading): void {
  const { clauses, place, orders, verbs } = reading;
  const clause = clauses[place];
  if (clause === undefined) return;
  const open = orders.at(-1);
  const asked = clause.isQuoted ? null : askedAt(clause.words, index);
  if (asked !== null && asked.families.some((family) => OUTWARD.has(family) || (reading.isDrawn && family === 'change'))) {
    const order = orderAt(reading, index);
    // Within what is dictated, only an order that says how far it goes is one.
    if (open?.isSaying !== true || (order.relay !== 'answer' && isJoined(clause.words, index))) {
      verbs.push(word);
      orders.push(order);
      return;
    }
  } else if (asked !== null && open?.isSaying !== true) verbs.push(word);
  if (open === undefined) return;
  open.words.add(word);
  if (open.isSaying) open.dictated.push(word);
  else if (open.from === 'that' && DICTATING.has(word)) open.isSaying = true;
}

/** "… and post in ops": joined to what came before, not said in it. */
function isJoined(words: readonly string[], index: number): boolean {
  const before = words[index - 1];
  return before === undefined || before === 'and' || before === 'then' || before === 'also';
}

function orderAt({ clauses, place, isDrawn }: Reading, index: number): Open {
  const clause = clauses[place];
  const order = (relay: Relay, from: Open['from'] = null): Open => ({ relay, from, words: new Set(), dictated: [], isSaying: false });
  if (clause === undefined) return order('dictated');
  const { words, opens } = clause;
  if (PASSING_ON.has(words[index] ?? '')) return order('passed-on');
  const rest = words.slice(index + 1, index + 1 + MAX_REST);
  const asks = rest.findIndex((word) => ASKING.has(word));
  const dictates = rest.findIndex((word) => DICTATING.has(word));
  if (dictates !== -1 && (asks === -1 || dictates < asks)) return order('dictated', 'that');
  // "Tell her what changed" asks for whatever there is, "whether", "when" and "ask her what" for one thing.
  if (asks !== -1) return order(/^what/.test(rest[asks] ?? '') && words[index] !== 'ask' ? 'passed-on' : 'answer');
  if (rest.some((word) => PASSED_ON.has(word)) || isOwnList(rest)) return order('passed-on');
  // "Look it up and send it to Ann": something was to be read before.
  if (POINTING.has(rest[0] ?? '') && (place > 0 || index > 1)) return order('passed-on');
  // "Take them from the commits", "post the nicest comment": one of what stands in a text, as it stands there.
  if (isDrawn || judgementsIn(rest).length > 0) return order('passed-on');
  return opens === null ? order('answer') : order('dictated', opens);
}

function isOwnList(words: readonly string[]): boolean {
  return words.some((word, index) => OWN_LISTS.has(word) && words.slice(Math.max(0, index - 2), index).some((before) => before === 'my' || before === 'our'));
}

/** "Take them from the commits". */
function isDrawnFrom(words: readonly string[]): boolean {
  const take = words.findIndex((word) => word === 'take' || word === 'taken' || word === 'draw' || word === 'drawn');
  return take !== -1 && words.slice(take + 1, take + 4).includes('from');
}

function clausesOf(sentence: string): readonly Clause[] {
  const parts = sentence.split(/([,:()"“”„–—]+)/);
  const clauses: Clause[] = [];
  let isQuoted = false;
  for (let index = 0; index < parts.length; index += 2) {
    const mark = parts[index + 1] ?? '';
    const opens = isQuoted || !/[:"“„]/.test(mark) ? null : /["“„]/.test(mark) ? 'quotation' : 'text';
    clauses.push({ words: wordsOf(fold(parts[index] ?? '')), isQuoted, opens });
    if (/["“”„]/.test(mark)) isQuoted = !isQuoted;
  }
  return clauses;
}
