/**
 * Whose words go out in a message. A text from outside may be passed on where the operator asks for that; it may not put
 * words into the operator's mouth.
 *
 * I1 pure, total, linear in the length of message and texts
 * I2 a sentence is another's if the words that only texts from outside give outnumber those of the operator and of
 *    trusted records. It may go if the operator's words ask to pass the text on; where they ask for an answer, if it
 *    speaks of what was asked; where they say what is to be said, not at all, and something of that must be said
 * I3 whatever is asked: a sentence that carries out an order standing in a text ("also tell everyone that …") or repeats
 *    what a page hides from its readers is another's. One that reports the order is itself an order ("she asks us to tell …")
 * I4 less trust in any text never turns another's sentence into the operator's: own words only become fewer, foreign
 *    words and orders more; an anchor is a passage that holds all foreign words, so no text can give one by losing trust
 */
import { compact, emailsIn } from './forms.js';
import { ordersIn, type Passage } from './passages.js';
import type { Saying } from './relay.js';
import type { Sources } from './sources.js';
import { contentOf, sentencesOf, shownOf } from './wording.js';

/** A longer message, or one of more sentences, is not read: it counts as another's. */
const MAX_BODY = 100_000;
const MAX_SENTENCES = 1_000;
/** A sentence whose words stand in more passages than this counts as ordered. */
const MAX_HITS = 20_000;
const MAX_CODES = 50;
/** An answer speaks of what was asked if at least one word in five is of the operator's orders. */
const FOREIGN_PER_OWN = 4;
/** So many stray words in sentences of their own are no longer names and salutations. */
const STRAY_WORDS = 2;
/** An account number as it is written in a text: two letters, two digits, groups. */
const IBAN = /\b[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z0-9]{2,4}){3,8}\b/gi;

export interface Message {
  readonly bodies: readonly string[];
  /** To whom it goes: their names are said to them whoever speaks, and count for nobody. */
  readonly recipients: readonly string[];
}

/** Whether a text from outside, not the operator, chose what a message says. */
export function isForeign({ bodies, recipients }: Message, sources: Sources, saying: Saying): boolean {
  if (sources.untrusted.isEmpty || bodies.length === 0) return false;
  const text = bodies.join('\n');
  if (text.length > MAX_BODY || sources.untrusted.passages.isCut) return true;
  const { plain } = shownOf(text);
  if (namesForeignAccount(plain, sources)) return true;
  const all = sentencesOf(plain);
  if (all.length > MAX_SENTENCES) return true;
  const context = { sources, topic: saying.topic, addressed: contentOf(recipients.join(' ')), reported: new Reported(all) };
  const sentences = all.map((sentence) => weigh(sentence, context));
  if (sentences.some((one) => one.isOrdered)) return true;
  return saying.relay !== 'passed-on' && (namesForeignAddress(plain, sources) || isAnothers(sentences, saying.relay));
}

function isAnothers(sentences: readonly Weighed[], relay: Saying['relay']): boolean {
  const isAnswer = (one: Weighed): boolean => relay === 'answer' && (one.topical > 0 ? one.foreign <= FOREIGN_PER_OWN * one.topical : one.isAnchored);
  const others = sentences.filter((one) => one.foreign > one.own && !isAnswer(one));
  if (others.some((one) => one.foreign > 1) || sumOf(others, 'foreign') > STRAY_WORDS) return true;
  const [own, foreign] = [sumOf(sentences, 'own'), sumOf(sentences, 'foreign')];
  if (relay === 'dictated') return foreign > own || (own === 0 && sumOf(sentences, 'size') > 1);
  return own === 0 && foreign * 2 > sumOf(sentences, 'size') && !sentences.some((one) => one.isAnchored);
}

function sumOf(sentences: readonly Weighed[], of: 'own' | 'foreign' | 'size'): number {
  return sentences.reduce((sum, one) => sum + one[of], 0);
}

/** The orders that a message reports; read when first asked for. */
class Reported {
  private verbs: ReadonlySet<string> | null = null;

  constructor(private readonly sentences: readonly string[]) {}

  has(verb: string): boolean {
    this.verbs ??= new Set(this.sentences.flatMap((sentence) => ordersIn(sentence).orders));
    return this.verbs.has(verb);
  }
}

interface Weighed {
  readonly size: number;
  /** Words of the operator or of a trusted record. */
  readonly own: number;
  /** Words of the operator's orders about this. */
  readonly topical: number;
  /** Words that only a text from outside gives. */
  readonly foreign: number;
  /** All foreign words come from one passage that speaks of what the operator speaks of. */
  readonly isAnchored: boolean;
  readonly isOrdered: boolean;
}

interface Context {
  readonly sources: Sources;
  readonly topic: ReadonlySet<string>;
  readonly addressed: ReadonlySet<string>;
  readonly reported: Reported;
}

function weigh(sentence: string, { sources: { operator, trusted, untrusted }, topic, addressed, reported }: Context): Weighed {
  const words = [...contentOf(sentence)].filter((word) => !addressed.has(word));
  const others = words.filter((word) => !operator.stems.has(word) && !trusted.stems.has(word));
  const foreign = others.filter((word) => untrusted.passages.has(word));
  const own = words.length - others.length;
  const topical = words.filter((word) => topic.has(word)).length;
  let isAnchored = false;
  let isOrdered = untrusted.passages.placesOf(foreign) > MAX_HITS;
  if (isOrdered) return { size: words.length, own, topical, foreign: foreign.length, isAnchored, isOrdered };
  for (const [passage, hits] of untrusted.passages.holding(foreign)) {
    isOrdered ||= (hits > 1 ? hits * 2 > own : own === 0) && speaksByOrder(passage, reported);
    isAnchored ||= hits === foreign.length && [...passage.words].some((word) => topic.has(word) && !addressed.has(word));
  }
  return { size: words.length, own, topical, foreign: foreign.length, isAnchored, isOrdered };
}

function speaksByOrder({ orders, isHidden }: Passage, reported: Reported): boolean {
  return isHidden || orders.some((verb) => !reported.has(verb));
}

/** Whom to write to, told to a reader. */
function namesForeignAddress(text: string, { operator, trusted, untrusted }: Sources): boolean {
  return emailsIn(text).some((email) => !operator.emails.has(email) && !trusted.emails.has(email) && untrusted.emails.has(email));
}

/** Where money is to go, told to a reader: no text from outside says that in the operator's name. */
function namesForeignAccount(text: string, { operator, trusted, untrusted }: Sources): boolean {
  const codes = (text.match(IBAN) ?? []).map(compact).filter((code) => code.length >= 15 && /\d{6}/.test(code.replace(/[a-z]/g, '')));
  return codes.length > MAX_CODES || codes.some((code) => !operator.hasCompact(code) && !trusted.hasCompact(code) && untrusted.hasCompact(code));
}
