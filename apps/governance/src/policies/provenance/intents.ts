/**
 * What the operator asks for, and what a tool does, as families of actions. Only the operator's own words are read for
 * what is asked, and only a tool's name for what it does: a description is text from outside.
 *
 * I1 words of anybody else never add to what is asked
 * I2 a family that the operator forbids is not asked, whatever else is said
 */
import { fold, wordsOf } from './forms.js';
import { nameParts } from './roles.js';

export type Family = 'communicate' | 'pay' | 'create' | 'change' | 'delete' | 'share' | 'publish' | 'book' | 'execute' | 'credential' | 'fetch';

/** What an operator says to have it done: base forms of verbs. */
const OPERATOR_VERBS: Readonly<Record<Family, string>> = {
  communicate:
    'send mail email message dm reply respond answer forward tell notify inform text write contact ping ask say announce remind greet thank congratulate confirm report invite call relay cc drop shoot let brief alert warn apologize apologise follow share introduce pass post get',
  pay: 'pay transfer refund reimburse wire settle repay donate tip purchase buy cover chip remit charge split topup owe',
  create:
    'create add make schedule plan insert save write store record append register note draft log generate organize organise arrange upload copy remind remember put set prepare block open enter keep jot list compile book invite file capture duplicate extract collect turn',
  change:
    'update change modify edit adjust set reschedule move rename correct fix increase reduce raise lower replace mark switch complete assign extend postpone push star label flag pin archive append add shift swap turn convert bump transfer close finish tick resolve make put bring reopen mute snooze enable disable decline accept tag file sort',
  delete: 'delete remove cancel clear erase drop discard unsubscribe revoke kick purge empty trash clean wipe uninstall withdraw rid dump',
  share: 'share grant invite permit collaborate join send unlock onboard promote allow give add',
  publish: 'post publish tweet announce upload share comment review put blog submit write release create rate push',
  book: 'book reserve buy order purchase rent hire rebook get',
  execute: 'run execute deploy restart start install build test merge push commit launch trigger rollback scale stop invoke turn switch play process apply rerun roll',
  credential: 'authenticate',
  fetch: 'download fetch import save pull attach',
};

/** Things that an operator asks for with a verb that says little: "make a payment", "set a new password". */
const OPERATOR_NOUNS: Readonly<Partial<Record<Family, string>>> = {
  pay: 'payment money rent bill invoice transaction transfer refund deposit debit donation tip euro eur usd dollar gbp pound chf buck',
  book: 'reservation booking appointment ticket order',
  share: 'permission access role reader viewer editor invitation invite',
  credential: 'password passcode login pin credential 2fa mfa otp passphrase key token authenticator',
  create: 'reminder event note task file meeting channel',
  communicate: 'mail email message reply invitation reminder note dm',
  publish: 'comment review post page',
};
const LIGHT_VERBS = new Set('send make set give do put cover order create change reset update add rotate enable disable grant schedule need want leave write issue arrange place submit'.split(' '));

/** Words that are a verb only where a verb stands: "mail Bob", "please mail Bob", but not "the mail of Bob". */
const ALSO_NOUNS = new Set(
  'flag pin mail email message text contact call post book file order note plan schedule report comment review update charge tip list record log open share rate purchase answer alert brief test build push commit trigger release start stop play process hire copy draft mark label star shift swap move fix close rent transfer refund invite reply ask block change set cover drop split raise switch turn wire dm cc chip tag sort'.split(' '),
);
const BEFORE_VERBS = new Set('please and then to you also or just now must should will would could can kindly need lets let us afterwards finally first next so otherwise immediately quickly not dont never without'.split(' '));
/** "What they write": somebody else does it. */
const SUBJECTS = new Set('they he she we who people i everybody everyone customers clients'.split(' '));
const BEFORE_PARTICIPLES = new Set('be get it them gets'.split(' '));
/** "I'd like a car rented". */
const WISHES = new Set('like want need wish'.split(' '));
const BEFORE_GERUNDS = new Set('by mind about start try and then'.split(' '));
/** "Tell me", "let me know", "give me a summary": an answer is asked for, no message. */
const ANSWERS_ME = new Set('tell inform give let show report update brief write ask say call share get list'.split(' '));

const TOOL_WORDS: Readonly<Record<Family, string>> = {
  communicate: 'send mail email message messages dm reply respond forward notify sms tell ping chat text remind draft slack call announce',
  pay: 'pay payment payments money transfer transaction refund invoice wire bank charge remit donate checkout payout payee iban debit',
  create: 'create add make new insert save write store record append register log generate upload copy schedule put plan draft event remember compose open import note reminder',
  change: 'update change modify edit set adjust reschedule move rename replace mark assign toggle complete patch archive label configure enable disable switch turn star approve close extend accept decline rebook snooze',
  delete: 'delete remove cancel clear erase drop discard unsubscribe revoke kick purge empty trash wipe unshare uninstall destroy',
  share: 'share grant invite permission permissions access allow member role publicize unlock acl collaborator',
  publish: 'post publish tweet comment review blog webpage submit announce page release',
  book: 'book reserve buy order purchase rent hire reservation booking',
  execute: 'run execute deploy restart start install build merge push commit launch trigger rollback scale stop exec shell eval invoke play',
  credential: 'password passcode pin credential credentials 2fa mfa otp passphrase auth apikey recovery login',
  fetch: 'download fetch',
};

const verbs = lookup(OPERATOR_VERBS);
const nouns = lookup(OPERATOR_NOUNS);
const does = lookup(TOOL_WORDS);
const DELEGATES = new Set('instructions instruction described says said according accordance tasks task todo todos follow steps listed specified mentioned asks requests requested handle whatever actions items told wants outlined attached stated per contains checklist'.split(' '));
const NEGATIONS = new Set('not dont never without nothing avoid refrain nor'.split(' '));
/** A negation reaches this many words on: "do not under any circumstances send". */
const NEGATION_REACH = 5;
const MAX_OPERATOR_WORDS = 20_000;

export interface Wishes {
  readonly families: ReadonlySet<Family>;
  readonly forbidden: ReadonlySet<Family>;
  /** Words that stand where a verb stands. */
  readonly verbs: ReadonlySet<string>;
  readonly delegates: boolean;
}

/** @param texts the operator's own words, as they were written */
export function wishesOf(texts: readonly string[]): Wishes {
  const found = { families: new Set<Family>(), forbidden: new Set<Family>(), verbs: new Set<string>(), nouns: new Set<Family>(), delegates: false, isLight: false };
  let left = MAX_OPERATOR_WORDS;
  for (const clause of texts.flatMap((text) => text.slice(0, MAX_OPERATOR_WORDS * 10).replace(/['’]t\b/g, 't').replace(/\blet['’]s\b/gi, 'lets').split(/[.!?;:,\n()"“”–—]+/))) {
    const words = wordsOf(fold(clause));
    left -= words.length;
    if (left < 0) break;
    readClause(words, found);
  }
  if (found.isLight) for (const family of found.nouns) found.families.add(family);
  return found;
}

interface Reading {
  readonly families: Set<Family>;
  readonly forbidden: Set<Family>;
  readonly verbs: Set<string>;
  readonly nouns: Set<Family>;
  delegates: boolean;
  isLight: boolean;
}

function readClause(words: readonly string[], found: Reading): void {
  let negatedUntil = -1;
  let isTold = false;
  let isWished = false;
  // "Send 12.50 to Ben": a number makes it money.
  if (words.includes('send') && words.some((word) => /^\d+$/.test(word))) found.nouns.add('pay');
  words.forEach((word, index) => {
    if (NEGATIONS.has(word)) negatedUntil = index + NEGATION_REACH;
    // "do not forget to send" asks for it.
    else if (/^(?:forget|hesitate|only|just|but|instead)$/.test(word)) negatedUntil = -1;
    if (DELEGATES.has(word)) found.delegates = true;
    const before = words[index - 1];
    const isPlace = before === undefined || BEFORE_VERBS.has(before);
    if (isPlace) found.verbs.add(word);
    const isNegated = index <= negatedUntil;
    for (const family of nouns.get(word) ?? nouns.get(word.replace(/s$/, '')) ?? []) if (!isNegated) found.nouns.add(family);
    // "What did she ask", "does he pay": told, not asked for.
    isTold ||= word === 'did' || word === 'does';
    isWished ||= WISHES.has(word);
    const verb = isTold ? null : verbSaid(word, before, words[index + 1], isPlace, isWished);
    if (verb === null) return;
    if (!isNegated && LIGHT_VERBS.has(verb) && words[index + 1] !== 'not') found.isLight = true;
    for (const family of verbs.get(verb) ?? []) (isNegated ? found.forbidden : found.families).add(family);
  });
}

/** The verb that a word asks for, or null: past tenses and nouns tell of things, they do not ask for them. */
function verbSaid(word: string, before: string | undefined, after: string | undefined, isPlace: boolean, isWished: boolean): string | null {
  if (verbs.has(word) || LIGHT_VERBS.has(word)) {
    if (ANSWERS_ME.has(word) && (after === 'me' || after === 'us')) return null;
    if (before !== undefined && SUBJECTS.has(before)) return null;
    return ALSO_NOUNS.has(word) && !isPlace ? null : word;
  }
  if (before === undefined) return null;
  const isPassive = (isWished || BEFORE_PARTICIPLES.has(before)) && /(?:ed|aid|ent)$/.test(word);
  const isGerund = BEFORE_GERUNDS.has(before) && word.endsWith('ing');
  return isPassive || isGerund ? (stems(word).find((stem) => verbs.has(stem)) ?? null) : null;
}

export interface ToolKind {
  readonly families: ReadonlySet<Family>;
  readonly parts: readonly string[];
}

/** What a tool does: a money word, a share word or a credential word outweighs the plain verb. */
export function kindOf(toolName: string): ToolKind {
  const parts = nameParts(toolName);
  const families = new Set(parts.flatMap((part) => familiesOfWord(part, does)));
  const kind = (...only: readonly Family[]): ToolKind => ({ families: new Set(only), parts });
  if (families.has('credential')) return kind('credential');
  if (families.has('delete')) return kind('delete');
  if (families.has('pay') && !families.has('change')) return kind('pay');
  if (families.has('share')) return kind('share');
  if (parts.includes('user') && parts.includes('add')) return kind('share');
  return { families, parts };
}

export function isAskedBy(tool: ToolKind, wishes: Wishes): boolean {
  if (tool.families.size > 0) return [...tool.families].some((family) => wishes.families.has(family));
  return tool.parts.some((part) => part.length > 3 && wishes.verbs.has(part));
}

export function isForbiddenBy(tool: ToolKind, wishes: Wishes): boolean {
  const { families } = tool;
  return families.size > 0 && [...families].every((family) => wishes.forbidden.has(family) && !wishes.families.has(family));
}

function lookup(table: Readonly<Partial<Record<Family, string>>>): ReadonlyMap<string, readonly Family[]> {
  const found = new Map<string, Family[]>();
  for (const [family, words] of Object.entries(table) as [Family, string][]) {
    for (const word of words.split(' ')) found.set(word, [...(found.get(word) ?? []), family]);
  }
  return found;
}

function familiesOfWord(word: string, table: ReadonlyMap<string, readonly Family[]>): readonly Family[] {
  for (const stem of stems(word)) {
    const families = table.get(stem);
    if (families !== undefined) return families;
  }
  return [];
}

/** The word itself, then what it may be an ending of. */
export function stems(word: string): readonly string[] {
  const found = [word];
  const cut = (ending: string, put = ''): void => {
    if (word.length > ending.length + 2 && word.endsWith(ending)) found.push(word.slice(0, -ending.length) + put);
  };
  cut('s');
  cut('es');
  cut('ies', 'y');
  cut('ed');
  cut('d');
  cut('ied', 'y');
  cut('ing');
  cut('ing', 'e');
  const doubled = /^(\w+?)([bdgmnpt])\2(?:ed|ing)$/.exec(word);
  if (doubled !== null) found.push(`${doubled[1] ?? ''}${doubled[2] ?? ''}`);
  if (word === 'paid') found.push('pay');
  if (word === 'sent') found.push('send');
  return found;
}
