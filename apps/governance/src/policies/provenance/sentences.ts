/**
 * A sentence of a message, weighed: how many of its words are whose, and whether it carries out what a text wants said.
 *
 * I1 pure, total; what would take too long to weigh counts as ordered
 * I2 a sentence out of a text in a language in which no order is recognized counts as ordered, unless that text is handed
 *    on whole: then the order stands there too, for its reader to see. The same holds for one in words that nobody used,
 *    where such a text was read: it may be its translation. An operator who asks for a translation knows the language
 * I3 a text that claims to be the choice that the operator left to judgement has made it in the operator's stead
 */
import { isUnreadable } from './language.js';
import { COURTESY } from './manners.js';
import { ordersIn, type Passage } from './passages.js';
import type { Saying } from './saying.js';
import type { Sources } from './sources.js';
import { contentOf } from './wording.js';

/** A sentence whose words stand in more passages than this counts as ordered. */
const MAX_HITS = 20_000;

export interface Weighed {
  readonly size: number;
  /** Words of the operator or of a trusted record. */
  readonly own: number;
  /** Words of the operator's orders about this. */
  readonly topical: number;
  /** Words that only a text from outside gives. */
  readonly foreign: number;
  /** Words that nobody gave and that are more than politeness. */
  readonly strange: number;
  /** Every foreign word comes from a passage that speaks of what the operator speaks of. */
  readonly isAnchored: boolean;
  readonly isOrdered: boolean;
  /** Whether it holds a word of what the operator said is to be said. */
  readonly isDictated: boolean;
}

export class Weighing {
  private readonly whole = new Map<readonly Passage[], boolean>();
  private readonly addressed: ReadonlySet<string>;
  private readonly all: () => ReadonlySet<string>;
  private readonly reported: () => ReadonlySet<string>;

  constructor(
    sentences: readonly string[],
    recipients: readonly string[],
    private readonly sources: Sources,
    private readonly saying: Saying,
  ) {
    this.addressed = contentOf(recipients.join(' '));
    this.all = once(() => new Set(sentences.flatMap((sentence) => [...contentOf(sentence)])));
    this.reported = once(() => new Set(sentences.flatMap((sentence) => ordersIn(sentence).orders)));
  }

  weigh(sentence: string): Weighed {
    const { operator, trusted, untrusted } = this.sources;
    const words = [...contentOf(sentence)].filter((word) => !this.addressed.has(word));
    const others = words.filter((word) => !operator.stems.has(word) && !trusted.stems.has(word));
    const foreign = others.filter((word) => untrusted.passages.has(word));
    const own = words.length - others.length;
    const strange = others.filter((word) => !untrusted.passages.has(word) && !COURTESY.has(word)).length;
    const weighed = {
      size: words.length,
      own,
      topical: words.filter((word) => this.saying.topic.has(word)).length,
      foreign: foreign.length,
      strange,
      isDictated: this.saying.dictated.signs.size > 0 && words.some((word) => this.saying.dictated.signs.has(word)),
    };
    if (foreign.length === 0) return { ...weighed, isAnchored: false, isOrdered: this.isUnread(sentence, new Map(), { own, strange }) };
    if (untrusted.passages.placesOf(foreign) > MAX_HITS) return { ...weighed, isAnchored: false, isOrdered: true };
    const holding = untrusted.passages.holding(foreign);
    const topical = new Set([...holding.keys()].filter((passage) => [...passage.words].some((word) => this.saying.topic.has(word) && !this.addressed.has(word))));
    const isOrdered = [...holding].some(([passage, hits]) => isMain(hits, own) && this.speaksByOrder(passage));
    return {
      ...weighed,
      isAnchored: foreign.every((word) => untrusted.passages.isHeldBy(topical, word)),
      isOrdered: isOrdered || this.isBeside(foreign, own) || this.isUnread(sentence, holding, { own, strange }),
    };
  }

  private speaksByOrder(passage: Passage): boolean {
    return passage.isHidden || passage.orders.some((verb) => !this.reported().has(verb)) || passage.holds(this.saying.judgements);
  }

  /** It speaks from a text that the operator did not name, while another was. */
  private isBeside(foreign: readonly string[], own: number): boolean {
    if (foreign.length < 2 || !isMain(foreign.length, own)) return false;
    const beside = foreign.filter((word) => this.sources.untrusted.passages.isBeside(word)).length;
    return beside > 1 && isMain(beside, own);
  }

  private isUnread(sentence: string, holding: ReadonlyMap<Passage, number>, { own, strange }: { readonly own: number; readonly strange: number }): boolean {
    if (this.saying.isTranslation) return false;
    if (strange > 1 && strange > own && this.sources.untrusted.passages.hasUnreadable) return true;
    const isForeign = holding.size > 0 && isUnreadable(sentence);
    return [...holding].some(([passage, hits]) => (passage.isUnreadable ? (isForeign || isMain(hits, own)) && !this.isWhole(passage) : isForeign && hits > 1));
  }

  /** Whether all that stands in the same text and cannot be read is in the message. */
  private isWhole({ beside }: Passage): boolean {
    const known = this.whole.get(beside);
    if (known !== undefined) return known;
    const isWhole = beside.every((one) => !one.isUnreadable || one.isAmong(this.all()));
    this.whole.set(beside, isWhole);
    return isWhole;
  }
}

/** Whether a passage gives so much of a sentence that the sentence may be its doing. */
function isMain(hits: number, own: number): boolean {
  return hits > 1 ? hits * 2 > own : own === 0;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
