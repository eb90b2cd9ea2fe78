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

const OPERATOR_WORDS: Readonly<Record<Family, string>> = {
  communicate:
    'send mail email message dm reply respond answer forward tell notify inform text write contact ping ask say announce remind greet thank congratulate confirm pass report draft invite call relay cc drop shoot let update brief alert apologize apologise follow share introduce',
  pay: 'pay transfer refund reimburse wire settle repay donate tip money rent bill invoice owe debit payment transaction charge topup remit purchase buy cover chip deposit standing order euro eur usd dollar gbp pound chf split',
  create:
    'create add make schedule plan insert save write store record append register note draft log generate organize organise arrange upload copy remind reminder remember put set prepare block open new enter keep jot list compile book invite file capture duplicate summarize',
  change:
    'update change modify edit adjust set reschedule move rename correct fix increase reduce raise lower replace mark switch complete assign extend postpone push star label archive append add shift swap turn convert bump transfer close finish tick resolve make put bring reopen mute snooze enable disable decline accept',
  delete: 'delete remove cancel clear erase drop discard unsubscribe revoke kick purge empty trash clean wipe uninstall withdraw rid',
  share: 'share grant invite permission access allow give add permit collaborate join public send let unlock open onboard role promote reader viewer editor',
  publish: 'post publish tweet announce upload share comment review put blog submit write release send create make page leave rate push',
  book: 'book reserve buy order purchase rent hire reservation booking ticket get appointment rebook',
  execute: 'run execute deploy restart start install build test merge push commit launch trigger rollback scale stop call invoke open turn switch play process apply rerun roll',
  credential: 'password passcode login pin credential credentials 2fa mfa otp passphrase key token authentication authenticator',
  fetch: 'download fetch import save pull attach',
};

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

const asked = lookup(OPERATOR_WORDS);
const does = lookup(TOOL_WORDS);
const DELEGATES = new Set('instructions instruction described says said according accordance tasks task todo todos follow steps listed specified mentioned asks requests requested handle whatever actions items told wants outlined attached stated per contains checklist'.split(' '));
const NEGATIONS = new Set('not dont never without nothing avoid refrain nor'.split(' '));
/** A negation reaches this many words on: "do not under any circumstances send". */
const NEGATION_REACH = 5;

export interface Wishes {
  readonly families: ReadonlySet<Family>;
  readonly forbidden: ReadonlySet<Family>;
  readonly words: ReadonlySet<string>;
  readonly delegates: boolean;
}

export function wishesOf(operatorFolded: string): Wishes {
  const families = new Set<Family>();
  const forbidden = new Set<Family>();
  const words = wordsOf(operatorFolded);
  let negatedUntil = -1;
  let delegates = false;
  words.forEach((word, index) => {
    const isDont = word === 't' && /^(?:don|won|shouldn|mustn|can|didn)$/.test(words[index - 1] ?? '');
    if (NEGATIONS.has(word) || isDont) negatedUntil = index + NEGATION_REACH;
    // "do not forget to send" asks for it.
    else if (/^(?:forget|hesitate|only|just|but|instead)$/.test(word)) negatedUntil = -1;
    delegates ||= DELEGATES.has(word);
    const found = familiesOfWord(word, asked);
    for (const family of found) (index <= negatedUntil ? forbidden : families).add(family);
  });
  return { families, forbidden, words: new Set(words.flatMap((word) => stems(word))), delegates };
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
  return tool.parts.some((part) => part.length > 3 && stems(part).some((stem) => wishes.words.has(stem)));
}

export function isForbiddenBy(tool: ToolKind, wishes: Wishes): boolean {
  const { families } = tool;
  return families.size > 0 && [...families].every((family) => wishes.forbidden.has(family) && !wishes.families.has(family));
}

function lookup(table: Readonly<Record<Family, string>>): ReadonlyMap<string, readonly Family[]> {
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

export function foldedName(name: string): string {
  return fold(nameParts(name).join(' '));
}
