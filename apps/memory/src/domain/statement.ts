/**
 * Judges what a sentence is worth remembering for. Rules, not a model: the same sentence is judged the same for ever,
 * and the operator can read why (requirement M13: transient status and chatter never enter).
 */
export const STATEMENT_KINDS = ['amount', 'commitment', 'preference', 'contact', 'date', 'term'] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

const SHORTEST = 8;
const FEWEST_WORDS = 2;

/** The greeting alone; one that runs on into a statement is judged by the statement. */
const GREETING = /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:morgen|tag|abend)|liebe[rs]?|sehr geehrte[rs]?|moin|servus)(?: [\p{L}.'-]+){0,5}[,!.]*$/iu;
const PLEASANTRY =
  /^(i )?(hope|trust)\b.{0,30}\b(well|fine|great|good|weekend|week)\b|^(many |kind )?(thanks|thank you|thx|vielen dank|danke|merci)\b|^(have|enjoy|wishing you)\b.{0,40}\b(day|weekend|week|evening|holidays?|time)\b|^looking forward\b|^(please )?(let me know|get back to me|feel free|don't hesitate|do not hesitate|reach out)\b.{0,80}(question|anything|need|help|thoughts?|know|unclear)|^(great|nice|lovely|good) (to|talking|meeting|hearing|seeing|work|job)\b|^(ich freue mich|wir freuen uns|bei fragen|schönes wochenende|einen schönen)\b|^(see|talk to|speak to) you\b/i;
const TRANSIENT =
  /\b(?:running (?:a bit |a little )?late|on my way|just (?:checking|following) (?:in|up)|quick (?:check|ping)|(?:back )?in (?:a|five|ten|\d+) min(?:ute)?s?\b|got (?:your|the) (?:mail|email|message|note)|(?:i'm|i am|we're|we are) (?:currently |just |still )?(?:in|at) (?:a |the |an )?(?:meeting|call|train|airport|office|bus|dentist)|right now|out of office|auto-?reply|automatic reply|the (?:wifi|wi-fi|internet|network) is (?:down|slow)|sent from my|call you (?:back|later)|stuck in|unterwegs|verspäte)\b/i;
/** Small talk, unless money is mentioned with it. */
const SMALL_TALK = /\b(?:traffic|coffee break|for lunch|what a day|(?:nice|lovely|terrible|great) (?:day|weather)|weather)\b/i;
const BOILERPLATE =
  /\b(unsubscribe|view (this|it) in (your )?browser|confidential(ity)? notice|intended (solely |only )?for the (addressee|recipient|person)|if you (are not the intended|have received this)|consider the environment|all rights reserved|manage your (subscription|preferences))\b/i;

const AMOUNT =
  /(?:[€$£]|\b(?:EUR|USD|GBP|CHF)\b)\s?\d|\d[\d.,'’ ]*\s?(?:[€$£%]|\b(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds|francs|percent|prozent)\b)|\b\d+(?:[.,]\d+)?\s?(?:k|mio)\b|\b\d+(?:[.,]\d+)?\s(?:hours?|stunden|man-days|person-days|seats?|licen[cs]es|pages?|seiten|screens?|users?|pieces|stück|units?|kg|gb|revisions?|rounds?|milestones?)\b/i;
const COMMITMENT =
  /\b(?:will|i'll|we'll|shall|must|may not|(?:has|have|need|needs) to|should|promise[sd]?|commit(?:s|ted)?|guarantee[sd]?|undertakes?|agree[sd]?|confirm(?:s|ed)?|accept(?:s|ed)?|expects?|responsible for|in charge of|requires?|required|werden?|wird|müssen|muss|dürfen|darf|sollen?|liefern|verpflichte\w*|bestätig\w*|zugesagt|verantwortlich|zuständig)\b/iu;
const PREFERENCE =
  /\b(?:prefers?|rather than|always|never|from now on|in (?:the )?future|please (?:call|write|use|send|address|avoid|do not|don't|only|keep)|don't (?:call|write|send|use)|do not (?:call|write|send|use)|favou?rite|allerg(?:y|ic)|bevorzug\w*|lieber|künftig|in zukunft|immer|niemals|bitte (?:nur|immer|nie|keine|nicht))\b/i;
const CONTACT =
  /[\w.+-]+@[\w-]+\.[\w.-]{2,}|(?:\+|\b00)\d[\d ()/-]{6,}\d|\bhttps?:\/\/\S+|\b(?:phone|telephone|mobile|address|telefon|handy|adresse|iban|vat (?:id|number)|ust-?id|po box|postcode|plz|headquarters|moved to|street|straße)\b/i;
/** A first and a last name after a lower-case word, so that the start of a sentence does not count. */
const PERSON = /\p{Ll}[,:]? (?:(?:Mr|Mrs|Ms|Dr|Herr|Frau)\.? )?\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+ (?:from|of|is|will|takes|joins|joined|leaves|left|replaces|ist|übernimmt)\b/u;
const MONTH = 'jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?';
const DATE = new RegExp(
  [
    String.raw`\b\d{4}-\d{2}-\d{2}\b`,
    String.raw`\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b`,
    String.raw`\b\d{1,2}(?:st|nd|rd|th)?\.? (?:of )?(?:${MONTH})\b`,
    String.raw`\b(?:${MONTH})\.? \d{1,4}(?:st|nd|rd|th)?\b`,
    String.raw`\b(?:by|until|before|after|from|since|on|in|at|end of|start of|beginning of|mid|bis|ab|im|am|ende|anfang) (?:the )?(?:end of )?(?:${MONTH}|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|q[1-4])\b`,
    String.raw`\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b.{0,20}\b\d{1,2}(?::\d{2}|\s?(?:am|pm|uhr))`,
    String.raw`\b(?:within|in|after|every|net|innerhalb von|binnen) \d+ (?:business |working |calendar )?(?:days?|weeks?|months?|years?|tagen?|wochen?|monaten?|jahren?)\b`,
    String.raw`\bq[1-4] ?(?:/ ?)?20\d{2}\b`,
    String.raw`\b20\d{2}\b`,
    String.raw`\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\b(?:montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags)\b`,
    String.raw`\b(?:expires?|until|deadline|daily|weekly|monthly|quarterly|yearly|annually)\b`,
    String.raw`\b\d{1,2}:\d{2}\b`,
  ].join('|'),
  'i',
);
const TERM =
  /\b(?:agree(?:d|ment)?|contract|retainer|rate|price|pricing|fee|invoices?|invoicing|billing|billed|payment|payable|paid|due|deadline|discount|notice period|cancel(?:lation|led)?|terminat(?:e|ion)|terms?|warranty|licen[cs]e|scope|budget|quote|offer|order|nda|confidential|liability|deliver(?:y|able|ables|ed|s)?|renew(?:al|s)?|vat|purchase order|po number|milestones?|hosting|domain|version|deposit|penalty|late fee|maintenance|support|hourly|monthly|yearly|weekly|quarterly|per (?:hour|day|month|year|week)|vertrag|rechnung|zahlung|zahlungsziel|kündigung(?:sfrist)?|frist|rabatt|stundensatz|angebot|auftrag|lieferung|gewährleistung|mwst|vereinbart|vereinbarung)(?:s|e?n)?\b/i;

/** Any other number: quantities, versions, sizes. */
const QUANTITY = /\d/;

/** The first kind that fits, in this order: what money and promises say outweighs when it is said. Null: not worth it. */
export function kindOfStatement(sentence: string): StatementKind | null {
  if (sentence.length < SHORTEST || (sentence.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) < FEWEST_WORDS) return null;
  // A question states nothing, and a line that announces a list is not the list.
  if (/[?:]["'”’)\]]*$/.test(sentence)) return null;
  if (GREETING.test(sentence) || BOILERPLATE.test(sentence) || TRANSIENT.test(sentence)) return null;
  const holdsAmount = AMOUNT.test(sentence);
  if (holdsAmount) return 'amount';
  if (PLEASANTRY.test(sentence) || SMALL_TALK.test(sentence)) return null;
  if (COMMITMENT.test(sentence)) return 'commitment';
  if (PREFERENCE.test(sentence)) return 'preference';
  if (CONTACT.test(sentence) || PERSON.test(sentence)) return 'contact';
  if (DATE.test(sentence)) return 'date';
  if (TERM.test(sentence)) return 'term';
  return QUANTITY.test(sentence) ? 'amount' : null;
}
