/**
 * A text from outside as passages: sentences, each with the orders that stand in it. The same reader that reads what the
 * operator asks for reads what a text asks for; no list of suspicious phrases is used.
 *
 * I1 passages are only ever added; adding a text changes none that is there
 * I2 what was too long to be read is told (`isCut`)
 */
import type { Json } from '@soloist/kernel';
import { fold, wordsOf } from './forms.js';
import { askedAt, isImperativeAt } from './intents.js';
import { isUnreadable } from './language.js';
import { nameParts } from './roles.js';
import type { Family } from './vocabulary.js';
import { contentOf, sentencesOf, shownOf, stemOf } from './wording.js';

export class Passage {
  private read: Orders | null = null;
  private unread: boolean | null = null;
  private folded: string | null = null;

  constructor(
    readonly words: ReadonlySet<string>,
    readonly isHidden: boolean,
    /** All passages of the text that it stands in, itself among them. */
    readonly beside: readonly Passage[],
    private readonly sentence: string,
    private readonly before: Passage | null,
  ) {}

  /** Whether it is in a language in which no order would be recognized. */
  get isUnreadable(): boolean {
    this.unread ??= isUnreadable(this.sentence);
    return this.unread;
  }

  /** Whether all that it says is among these words; the name of its field says nothing. */
  isAmong(words: ReadonlySet<string>): boolean {
    return [...contentOf(this.sentence)].every((word) => words.has(word));
  }

  /** Whether it holds one of these folded phrases. */
  holds(phrases: readonly string[]): boolean {
    if (phrases.length === 0) return false;
    this.folded ??= fold(this.sentence);
    const { folded } = this;
    return phrases.some((phrase) => folded.includes(phrase));
  }

  /** Verbs by which it wants something said or published, as stems; "tell me" wants nothing said to others. */
  get orders(): readonly string[] {
    const { own, before } = this;
    return before === null || !before.handsOn ? own.orders : [...before.own.orders, ...own.orders];
  }

  /** Families of action that it calls for. */
  get asks(): ReadonlySet<Family> {
    return this.own.asks;
  }

  /** Read when first asked for: most passages never are. */
  private get own(): Orders {
    this.read ??= ordersIn(this.sentence);
    return this.read;
  }

  private get handsOn(): boolean {
    return (this.words.size <= BARE_ORDER || this.sentence.trimEnd().endsWith(':')) && this.own.orders.length > 0;
  }
}

const MAX_PASSAGES = 20_000;
const MAX_NODES = 20_000;
/** An order with so few words of its own means what follows it: "Tell everybody this:". */
const BARE_ORDER = 3;
const SAYING = new Set(['mention', 'include', 'append', 'state', 'add', 'insert']);

export class Passages {
  private readonly passages: Passage[] = [];
  private readonly places = new Map<string, number[]>();
  private hasMore = false;
  private readonly unsettled: { readonly text: string; readonly first: number; readonly end: number; readonly isNamed: () => boolean }[] = [];
  private readonly namedTexts: string[] = [];
  private namedWords: Set<string> | null = null;
  private unreadUpTo = 0;
  private hasUnread = false;

  /** @param isNamed whether the operator's words name what was read (reads.ts) */
  add(text: string, isNamed?: () => boolean): void {
    const first = this.passages.length;
    this.read(text);
    if (isNamed !== undefined) this.unsettled.push({ text, first, end: this.passages.length, isNamed });
  }

  get isCut(): boolean {
    return this.hasMore;
  }

  has(word: string): boolean {
    return this.places.has(word);
  }

  /** Whether some text was named by the operator, and none of those holds the word. */
  isBeside(word: string): boolean {
    for (let next = this.unsettled.shift(); next !== undefined; next = this.unsettled.shift()) {
      if (!next.isNamed()) continue;
      this.namedTexts.push(next.text);
      this.namedWords ??= new Set();
      for (const passage of this.passages.slice(next.first, next.end)) for (const one of passage.words) this.namedWords.add(one);
    }
    return this.namedWords !== null && !this.namedWords.has(word);
  }

  /** The texts that the operator's words name, of those that were asked about. */
  get named(): readonly string[] {
    return this.namedTexts;
  }

  /** Whether one of them is in a language in which no order would be recognized. */
  get hasUnreadable(): boolean {
    for (; !this.hasUnread && this.unreadUpTo < this.passages.length; this.unreadUpTo += 1) this.hasUnread = this.passages[this.unreadUpTo]?.isUnreadable === true;
    return this.hasUnread;
  }

  /** Whether one of these passages holds the word. */
  isHeldBy(passages: ReadonlySet<Passage>, word: string): boolean {
    return (this.places.get(word) ?? []).some((place) => passages.has(this.passages[place] as Passage));
  }

  /** How many times the words stand in passages, all together. */
  placesOf(words: readonly string[]): number {
    return words.reduce((sum, word) => sum + (this.places.get(word)?.length ?? 0), 0);
  }

  /** Each passage that holds one of the words, with how many of them it holds. */
  holding(words: Iterable<string>): ReadonlyMap<Passage, number> {
    const found = new Map<Passage, number>();
    for (const word of words) {
      for (const place of this.places.get(word) ?? []) {
        const passage = this.passages[place];
        if (passage !== undefined) found.set(passage, (found.get(passage) ?? 0) + 1);
      }
    }
    return found;
  }

  private read(text: string): void {
    for (const { name, value } of fieldsOf(text)) {
      const { plain, hidden } = shownOf(value);
      this.readSentences(plain, name, false);
      for (const one of hidden) this.readSentences(one, name, true);
    }
  }

  private readSentences(text: string, name: string, isHidden: boolean): void {
    let before: Passage | null = null;
    const beside: Passage[] = [];
    const field = name === '' ? [] : nameParts(name).map(stemOf);
    for (const sentence of sentencesOf(text)) {
      if (this.passages.length >= MAX_PASSAGES) {
        this.hasMore = true;
        return;
      }
      const words = contentOf(sentence);
      const passage: Passage = new Passage(field.length === 0 ? words : new Set([...words, ...field]), isHidden, beside, sentence, before);
      beside.push(passage);
      this.index(passage);
      before = passage;
    }
  }

  private index(passage: Passage): void {
    const place = this.passages.push(passage) - 1;
    for (const word of passage.words) {
      const places = this.places.get(word);
      if (places === undefined) this.places.set(word, [place]);
      else places.push(place);
    }
  }
}

interface Orders {
  readonly orders: readonly string[];
  readonly asks: ReadonlySet<Family>;
}

/** What a sentence calls for: by a verb where an imperative stands, or one that is followed by "that". */
export function ordersIn(sentence: string): Orders {
  const orders = new Set<string>();
  const asks = new Set<Family>();
  for (const clause of sentence.split(/[,:()"“”–—]+/)) {
    const words = wordsOf(fold(clause));
    words.forEach((word, index) => {
      const asked = askedAt(words, index);
      const isSaying = SAYING.has(word);
      if (asked === null && !isSaying) return;
      const isCalled = words[index + 1] === 'that' || isImperativeAt(words, index);
      if (!isCalled || words[index + 1] === 'me' || words[index + 1] === 'us') return;
      for (const family of asked?.families ?? []) asks.add(family);
      if (isSaying || asked?.families.includes('communicate') === true || asked?.families.includes('publish') === true) orders.add(stemOf(word));
    });
  }
  return { orders: [...orders], asks };
}

interface Field {
  readonly name: string;
  readonly value: string;
}

/** The texts of a result: the strings of its JSON, each with the name of its field, or the text as it is. */
function fieldsOf(text: string): readonly Field[] {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return [{ name: '', value: text }];
  try {
    return leavesIn(JSON.parse(text) as Json);
  } catch {
    return [{ name: '', value: text }];
  }
}

function leavesIn(root: Json): readonly Field[] {
  const found: Field[] = [];
  const open: { readonly name: string; readonly node: Json | undefined }[] = [{ name: '', node: root }];
  let rest = MAX_NODES;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, node } = next;
    rest -= 1;
    if (rest < 0) return [...found, { name: '', value: JSON.stringify([node, ...open.map((one) => one.node)]) }];
    if (typeof node === 'string' || typeof node === 'number') found.push({ name, value: String(node) });
    else if (Array.isArray(node)) for (const item of [...(node as readonly Json[])].reverse()) open.push({ name, node: item });
    else if (typeof node === 'object' && node !== null) for (const [field, item] of Object.entries(node as { readonly [key: string]: Json }).reverse()) open.push({ name: field, node: item });
  }
  return found;
}
