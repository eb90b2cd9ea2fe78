/**
 * Whose choice a value is: the least trusted author it cannot do without.
 *
 * I1 the operator's own words come first, then trusted results; only what neither of them holds is looked for outside
 * I2 a value found nowhere was made up by the model: in a run that has read untrusted text it counts as unknown
 * I3 moving any text from trusted to untrusted never raises the trust of a value
 */
import type { SinkRole } from '@soloist/contracts';
import type { Trust } from '@soloist/kernel';
import { compact, daysIn, emailsIn, fold, hostOf, looksLikeEmail, looksLikeUrl, plainUrl, wordsOf } from './forms.js';
import { isAnchored, isReceipted } from './records.js';
import type { Source, Sources } from './sources.js';

/** Roles that a model may not make up, not even in a run that read nothing from outside. */
const NEVER_MADE_UP: ReadonlySet<SinkRole> = new Set(['recipient', 'account', 'amount', 'url', 'secret', 'address']);
const LOW_RIGHTS = new Set(['r', 'read', 'reader', 'readonly', 'view', 'viewer', 'viewonly', 'comment', 'commenter']);
/** What people call the rights that systems abbreviate. */
const RIGHT_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['rw', ['write', 'edit', 'editing', 'editor']],
  ['w', ['write', 'edit', 'editing', 'editor']],
  ['write', ['edit', 'editing', 'editor']],
  ['edit', ['write', 'editing', 'editor']],
  ['editor', ['write', 'edit', 'editing']],
  ['admin', ['administrator']],
]);
const MAX_OPERANDS = 14;

export interface AskedValue {
  readonly value: string | number | boolean;
  readonly role: SinkRole;
  /** Words of the tool's and the argument's name: "file 12" names a file for `delete_file`, "ticket 7" for `ticket`. */
  readonly names: readonly string[];
  /** Whether the call makes a new thing and so may name it. */
  readonly isNaming: boolean;
}

export function originOf({ value, role, names, isNaming }: AskedValue, sources: Sources): Trust {
  const { operator, trusted, untrusted, receipts } = sources;
  if (holds(operator, value, role, names, true)) return 'owner';
  if (holds(trusted, value, role, names, false)) return 'verified-internal';
  if (role === 'right' && LOW_RIGHTS.has(compact(String(value)))) return 'connector-structured';
  if (role === 'target' && (isReceipted(String(value), receipts) || isAnchored(String(value), untrusted, operator))) return 'connector-structured';
  if (untrusted.isEmpty) return NEVER_MADE_UP.has(role) ? 'unknown' : 'connector-structured';
  if (occurs(untrusted, value)) return 'third-party-text';
  return isNaming && (role === 'path' || role === 'object') ? 'connector-structured' : 'unknown';
}

/** A read that names an address: whether the address could carry something out. */
export function fetchOrigin(url: string, sources: Sources): Trust {
  const { operator, trusted, untrusted } = sources;
  const plain = plainUrl(url);
  if (operator.urls.has(plain)) return 'owner';
  if (trusted.urls.has(plain)) return 'verified-internal';
  if (untrusted.isEmpty) return 'connector-structured';
  const path = plain.slice(hostOf(plain).length);
  // Word for word what a text gives, it says nothing to its host but that it was read.
  if (untrusted.urls.has(plain)) return 'connector-structured';
  const isOurHost = operator.hosts.has(hostOf(plain)) || trusted.hosts.has(hostOf(plain));
  if (isOurHost && !path.includes('?') && path.length < 200) return 'connector-structured';
  return untrusted.hosts.has(hostOf(plain)) ? 'third-party-text' : 'unknown';
}

/** Addresses inside a text that goes out: what a reader is led to. */
export function linkOrigin(host: string, plain: string, sources: Sources): Trust {
  const { operator, trusted, untrusted } = sources;
  if (operator.hosts.has(host) || operator.hasWords(fold(host))) return 'owner';
  if (trusted.hosts.has(host)) return 'verified-internal';
  if (untrusted.isEmpty) return 'connector-structured';
  return untrusted.urls.has(plain) || untrusted.hosts.has(host) ? 'third-party-text' : 'unknown';
}

function holds(source: Source, value: string | number | boolean, role: SinkRole, names: readonly string[], isOperator: boolean): boolean {
  if (source.isEmpty) return false;
  if (typeof value === 'boolean') return false;
  if (typeof value === 'number') return holdsNumber(source, value, role, names, isOperator);
  if (role === 'amount' && /^[^\p{L}]*\d[\d.,'’]*[^\d]*$/u.test(value)) {
    const number = Number(value.replace(/[^\d.-]/g, ''));
    if (Number.isFinite(number) && holdsNumber(source, number, role, names, isOperator)) return true;
  }
  if (looksLikeEmail(value)) return emailsIn(value).every((email) => source.emails.has(email)) && emailsIn(value).length > 0;
  if (role === 'url' || looksLikeUrl(value)) return source.urls.has(plainUrl(value)) || source.hasLiteral(plainUrl(value));
  if (role === 'target' && /^\d{1,4}$/.test(value.trim())) return holdsShortId(source, value.trim(), names, isOperator);
  return holdsWords(source, value, role);
}

function holdsWords(source: Source, value: string, role: SinkRole): boolean {
  if (role === 'recipient' && /[,;]/.test(value)) return value.split(/[,;]/).every((part) => part.trim() === '' || holdsWords(source, part, 'account'));
  if (value.includes('@') && emailsIn(value).some((email) => !source.emails.has(email))) return false;
  const folded = fold(value);
  if (source.hasWords(folded)) return true;
  const bare = compact(value);
  if (source.hasWords(` ${bare} `)) return true;
  if (role === 'right') return (RIGHT_WORDS.get(bare) ?? []).some((word) => source.hasWords(` ${word} `));
  if (bare.length >= 10 && /\d/.test(bare) && source.hasCompact(bare)) return true;
  if (role === 'path') return source.hasWords(fold(value.slice(value.lastIndexOf('/') + 1)));
  if (role === 'object' || role === 'target') return holdsAllWords(source, folded) || holdsDay(source, value);
  return role === 'address' && holdsAllWords(source, folded);
}

function holdsAllWords(source: Source, folded: string): boolean {
  const words = wordsOf(folded);
  return words.length > 0 && words.length <= 12 && words.every((word) => source.hasWords(` ${word} `) || (word.length > 4 && word.endsWith('s') && source.hasWords(` ${word.slice(0, -1)} `)));
}

function holdsDay(source: Source, value: string): boolean {
  const days = daysIn(value);
  return value.length < 40 && days.size > 0 && [...days].some((day) => source.days.has(day));
}

function holdsNumber(source: Source, value: number, role: SinkRole, names: readonly string[], isOperator: boolean): boolean {
  if (role === 'target' && Number.isInteger(value) && value >= 0 && value < 10_000) return holdsShortId(source, String(value), names, isOperator);
  if (source.numbers.has(value)) return true;
  if (role === 'amount') return isOperator && isReckoned(value, source);
  return Number.isSafeInteger(value) && String(value).length >= 8 && source.hasCompact(String(value));
}

/** A small number is an id only where the words around it say so: "13" also stands in "at 13:00". */
function holdsShortId(source: Source, id: string, names: readonly string[], isOperator: boolean): boolean {
  const words = wordsOf(source.folded.length > 50_000 ? source.folded.slice(0, 50_000) : source.folded);
  const naming = new Set(['id', 'ids', 'number', 'no', 'nr', 'num', '#', ...names]);
  return words.some((word, index) => word === id && (isOperator ? [1, 2, 3] : [1, 2]).some((back) => naming.has(words[index - back] ?? '')));
}

const PARTS: ReadonlyMap<string, number> = new Map([['half', 1 / 2], ['third', 1 / 3], ['quarter', 1 / 4], ['twice', 2], ['double', 2]]);

/** The operator gave the numbers, the model did the sum: a total, a difference, a share, a percentage. */
function isReckoned(value: number, source: Source): boolean {
  const parts = [...PARTS].flatMap(([word, part]) => (source.hasWords(` ${word} `) ? [part] : []));
  const operands = [...[...source.numbers].slice(0, MAX_OPERANDS), ...parts];
  const isIt = (result: number): boolean => Math.abs(result - value) < 0.006;
  if (operands.length > 2 && isIt(operands.reduce((sum, one) => sum + one, 0))) return true;
  // Two numbers, not one with itself: anything divided by itself is 1, and nobody said 1.
  return operands.some((a, at) => operands.some((b, other) => at !== other && (isIt(a + b) || isIt(a - b) || isIt(a * b) || isIt((a * b) / 100) || isIt(a + (a * b) / 100) || isIt(a - (a * b) / 100) || (b !== 0 && isIt(a / b)))));
}

function occurs(source: Source, value: string | number | boolean): boolean {
  if (typeof value === 'number') return source.numbers.has(value);
  if (typeof value !== 'string') return false;
  if (source.all.some((text) => text.includes(value))) return true;
  return value.length < 500 && source.hasWords(fold(value));
}
