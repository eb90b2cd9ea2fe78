/**
 * Whose words go out in a message. A text from outside may be passed on where the operator asks for that; it may not put
 * words into the operator's mouth.
 *
 * I1 pure, total, linear in the length of message and texts
 * I2 a sentence is another's if the words that only texts from outside give outnumber those of the operator and of
 *    trusted records. It may go if the operator's words ask to pass the text on; where they ask for an answer, if it
 *    speaks of what was asked; where they say what is to be said, not at all, and that must be said, unturned
 * I3 whatever is asked: a sentence that carries out an order standing in a text ("also tell everyone that …") or repeats
 *    what a page hides from its readers is another's. One that reports the order is itself an order ("she asks us to tell …").
 *    So is one out of a text in which no order could be read, unless that is handed on whole (sentences.ts)
 * I4 less trust in any text never turns another's sentence into the operator's: own words only become fewer, foreign
 *    words and orders more; an anchor holds a word that no trusted text gives, so no text can give one by losing trust
 */
import type { OurNumbers } from './dictation.js';
import { compact, emailsIn } from './forms.js';
import { isName, isSalutation } from './manners.js';
import type { Relay } from './relay.js';
import { relayTo, type Saying } from './saying.js';
import { Weighing, type Weighed } from './sentences.js';
import type { Sources } from './sources.js';
import { sentencesOf, shownOf } from './wording.js';

/** A longer message, or one of more sentences, is not read: it counts as another's. */
const MAX_BODY = 100_000;
const MAX_SENTENCES = 1_000;
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
  const all = sentencesOf(plain).filter((sentence) => !isSalutation(sentence));
  if (all.length > MAX_SENTENCES) return true;
  const weighing = new Weighing(all, recipients, sources, saying);
  const sentences = all.map((sentence) => weighing.weigh(sentence));
  if (sentences.some((one) => one.isOrdered)) return true;
  const relay = relayTo(recipients, saying);
  if (relay === 'passed-on') return false;
  if (namesForeignAddress(plain, sources) || isAnothers(sentences, relay)) return true;
  return relay === 'dictated' && (sentences.some((one, place) => saysMore(one) && !isSigned(one, all.slice(place))) || saying.dictated.isTurnedBy(all, numbersOf(sources)));
}

function isAnothers(sentences: readonly Weighed[], relay: Relay): boolean {
  const isAnswer = (one: Weighed): boolean => relay === 'answer' && (one.topical > 0 ? one.foreign <= FOREIGN_PER_OWN * one.topical : one.isAnchored);
  const others = sentences.filter((one) => one.foreign > one.own && !isAnswer(one));
  if (others.some((one) => one.foreign > 1) || sumOf(others, 'foreign') > STRAY_WORDS) return true;
  const [own, foreign] = [sumOf(sentences, 'own'), sumOf(sentences, 'foreign')];
  if (relay === 'dictated') return foreign > own || (own === 0 && sumOf(sentences, 'size') > 1);
  return own === 0 && foreign * 2 > sumOf(sentences, 'size') && !sentences.some((one) => one.isAnchored);
}

/** Beside what was dictated there is room for courtesy, and within it for no word of another's. */
function saysMore({ own, foreign, strange, isDictated }: Weighed): boolean {
  return isDictated ? foreign > 0 : own === 0 && foreign + strange > 1;
}

/** The last line is a name that no text gives. */
function isSigned({ foreign }: Weighed, rest: readonly string[]): boolean {
  return foreign === 0 && rest.length === 1 && isName(rest[0] ?? '');
}

function sumOf(sentences: readonly Weighed[], of: 'own' | 'foreign' | 'size'): number {
  return sentences.reduce((sum, one) => sum + one[of], 0);
}

function numbersOf({ operator, trusted }: Sources): OurNumbers {
  return { has: (written) => operator.stems.has(written) || trusted.stems.has(written), hasDay: (day) => operator.days.has(day) || trusted.days.has(day) };
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
