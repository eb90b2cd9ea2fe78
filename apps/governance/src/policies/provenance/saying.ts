/**
 * What the operator's own words say about messages: the orders to say something, what they speak of, what they dictate.
 *
 * I1 only the operator's words are read
 * I2 an order reaches those whom it names: what is to be passed on to Ann is not to be passed on to Bob
 */
import { Dictation, plainNegations, skeletonOf } from './dictation.js';
import { compact, emailsIn, fold, spellEmails, wordsOf } from './forms.js';
import { judgementsIn } from './judgements.js';
import { ordersToSay, RELAYS, type OrderToSay, type Relay } from './relay.js';
import { contentIn, sentencesOf, stemOf } from './wording.js';

export interface Saying {
  /** The furthest of all orders. */
  readonly relay: Relay;
  readonly orders: readonly OrderToSay[];
  /** What the operator speaks of, as stems, without the verbs of the orders. */
  readonly topic: ReadonlySet<string>;
  /** What is to be said, where the operator says it. */
  readonly dictated: Dictation;
  /** Choices left to judgement, as folded phrases: "nicest comment". */
  readonly judgements: readonly string[];
  /** Whether a text is to be put into another language. */
  readonly isTranslation: boolean;
}

/** A name that happens to be made of words: `price-list.csv` asks for no list. */
const FILE_OR_HOST = /[\p{L}\p{N}/_-]{1,200}\.[\p{L}\p{N}]\S{0,200}/gu;
const MAX_SENTENCES = 2_000;
const TRANSLATING = new Set(['translate', 'translation', 'translations', 'translated', 'translating']);

/** @param texts the operator's own words, as they were written */
export function sayingOf(texts: readonly string[]): Saying {
  const orders: OrderToSay[] = [];
  const topic = new Set<string>();
  const addresses = new Set<string>();
  const judgements: string[] = [];
  let isTranslation = false;
  for (const sentence of texts.flatMap((text) => sentencesOf(plain(text, addresses))).slice(0, MAX_SENTENCES)) {
    const read = ordersToSay(sentence);
    const words = wordsOf(fold(sentence));
    orders.push(...read.orders);
    judgements.push(...judgementsIn(words));
    isTranslation ||= words.some((word) => TRANSLATING.has(word));
    const verbs = new Set(read.verbs.map(stemOf));
    for (const word of contentIn(words)) if (!verbs.has(word) && !addresses.has(word)) topic.add(word);
  }
  const relay = furthest(orders);
  const dictated = new Dictation(orders.flatMap((one) => (one.dictated.length === 0 ? [] : [skeletonOf(one.dictated)])));
  return { relay, orders, topic, dictated, judgements, isTranslation };
}

/** How far a text may speak to these: as far as the orders that name them say, and to several as to the least. */
export function relayTo(recipients: readonly string[], { relay, orders }: Saying): Relay {
  const least = recipients.reduce((found, recipient) => {
    const names = namesOf(recipient);
    const naming = orders.filter(({ words }) => names.some((name) => words.has(name)));
    return naming.length === 0 ? found : Math.min(found, RELAYS.indexOf(furthest(naming)));
  }, RELAYS.indexOf(relay));
  return RELAYS[least] ?? 'dictated';
}

function furthest(orders: readonly OrderToSay[]): Relay {
  return orders.reduce<Relay>((far, { relay }) => (RELAYS.indexOf(relay) > RELAYS.indexOf(far) ? relay : far), 'dictated');
}

function namesOf(recipient: string): readonly string[] {
  const emails = emailsIn(recipient);
  if (emails.length === 0) return wordsOf(fold(recipient));
  return emails.flatMap((email) => [compact(email), ...wordsOf(fold(email.slice(0, email.indexOf('@'))))]);
}

/** A mail address is one word and speaks of nothing; files and hosts are none. */
function plain(text: string, addresses: Set<string>): string {
  const spelled = spellEmails(text, (email) => {
    const word = compact(email);
    addresses.add(stemOf(word));
    return ` ${word} `;
  });
  return plainNegations(spelled).replace(FILE_OR_HOST, ' ');
}
