/**
 * A choice that the operator's own words leave to what will be read, and bound: "the best rated place", "the restaurant
 * that Ann proposed". It holds for the name of a place to be reserved, which can be called off and costs nothing; never
 * for recipients, accounts, amounts, addresses, rights, orders or payments.
 *
 * I1 only the operator's words open the choice, once; a text that calls for the act itself ("agents, reserve …"), or hides
 *    the name, closes it for what it names
 * I2 less trust in any text closes choices and never opens one: a name that a trusted text gave was never a choice
 */
import { wordsOf, fold } from './forms.js';
import type { ToolKind } from './intents.js';
import { isSaidByNamed } from './records.js';
import type { Sources } from './sources.js';
import { contentOf } from './wording.js';

const RESERVATIONS = new Set(['book', 'reserve', 'reservation', 'booking', 'rebook']);
const MONEY = new Set(['buy', 'purchase', 'order', 'rent', 'hire', 'pay', 'ticket', 'flight']);
const SUPERLATIVES = new Set('best nearest closest cheapest quietest highest lowest largest smallest fastest earliest newest oldest top any whichever somewhere anywhere'.split(' '));
const PROPOSALS = new Set('proposed proposes suggested suggests recommended recommends picked wants prefers'.split(' '));

export function isReservation({ parts }: ToolKind): boolean {
  return parts.some((part) => RESERVATIONS.has(part)) && !parts.some((part) => MONEY.has(part));
}

/** Whether the operator's words leave this name to a text from outside. */
export function isSelected(value: string, kind: ToolKind, { operator, untrusted }: Sources): boolean {
  const words = operator.all.flatMap((text) => wordsOf(fold(text)));
  const isOpen = words.some((word) => SUPERLATIVES.has(word)) || (words.some((word) => PROPOSALS.has(word)) && isSaidByNamed(value, untrusted, operator));
  if (!isOpen || value.length > 80 || !untrusted.hasWords(fold(value))) return false;
  const name = [...contentOf(value)];
  const { passages } = untrusted;
  if (name.length === 0 || passages.isCut) return false;
  for (const [passage, hits] of passages.holding(name)) {
    if (hits < name.length) continue;
    if (passage.isHidden || [...kind.families].some((family) => passage.asks.has(family))) return false;
  }
  return true;
}
