/**
 * The forms in which one value may be written: what two texts must share to count as the same word, address, number.
 *
 * I1 every function is total on any string and linear in its length
 * I2 two addresses, hosts or numbers that differ in fact never share a form; words may (case, accents of layout, quoting)
 */

/** Longer texts are read up to here: nobody names a recipient by half a megabyte. */
export const MAX_READ = 400_000;

const NOT_WORD = /[^\p{L}\p{N}]+/gu;
const PLAIN = /^[\x20-\x7e\s]*$/;

/** Lower-case words between single spaces, with a space at both ends. */
export function fold(text: string): string {
  const cut = text.length > MAX_READ ? text.slice(0, MAX_READ) : text;
  // What nothing draws splits no word.
  const even = PLAIN.test(cut) ? cut : cut.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const words = even.toLowerCase().replace(NOT_WORD, ' ');
  return ` ${words.trim()} `;
}

export function wordsOf(folded: string): readonly string[] {
  const trimmed = folded.trim();
  return trimmed === '' ? [] : trimmed.split(' ');
}

/** Letters and digits only, lower case: how people space an IBAN or a phone number makes no difference. */
export function compact(text: string): string {
  return text.slice(0, MAX_READ).normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;

export function emailsIn(text: string): readonly string[] {
  if (!text.includes('@')) return [];
  return (text.slice(0, MAX_READ).match(EMAIL) ?? []).map((address) => address.toLowerCase().replace(/^['._-]+/, ''));
}

/** An address says where a message goes, not what it speaks of. */
export function withoutEmails(text: string): string {
  return spellEmails(text, () => ' ');
}

/** The text with each mail address put as `spell` says. */
export function spellEmails(text: string, spell: (email: string) => string): string {
  return text.includes('@') ? text.slice(0, MAX_READ).replace(EMAIL, spell) : text;
}

const URL_LIKE = /(?:https?:\/\/|ftp:\/\/|www\.)[^\s<>"'`)\]}]+|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:com|org|net|io|dev|example|test|app|co|info|biz|eu|de|uk|fr|ch|at|nl|es|it|pl|us|ru|cn|xyz|site|online|shop|cloud|ai|me|invalid)(?::\d+)?(?:\/[^\s<>"'`)\]}]*)?/gi;

/** Web addresses in a text, each in its plain form. Hosts of mail addresses are none. */
export function urlsIn(text: string): readonly string[] {
  if (!text.includes('.')) return [];
  const cut = text.slice(0, MAX_READ);
  const found: string[] = [];
  for (const match of cut.matchAll(URL_LIKE)) {
    const before = cut.charAt(match.index - 1);
    if (before !== '@' && before !== '.') found.push(plainUrl(match[0]));
  }
  return found;
}

/** Without scheme, `www.` and closing punctuation; the host in lower case. */
export function plainUrl(url: string): string {
  const bare = url.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/^www\./i, '').replace(/[.,;:!?/]+$/, '');
  const slash = bare.search(/[/?#]/);
  return slash === -1 ? bare.toLowerCase() : bare.slice(0, slash).toLowerCase() + bare.slice(slash);
}

export function hostOf(plain: string): string {
  const end = plain.search(/[/?#]/);
  const authority = end === -1 ? plain : plain.slice(0, end);
  // What stands before an @ is a user's name that only looks like a host.
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d+$/, '');
}

export function looksLikeEmail(text: string): boolean {
  return text.length <= 320 && /^<?\s*(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?$/i.test(text.trim());
}

export function looksLikeUrl(text: string): boolean {
  const trimmed = text.trim();
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S+$/i.test(trimmed) || /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\/\S*$/i.test(trimmed);
}

const NUMBER = /\d[\d.,'’\u00a0\u202f]*\d|\d/g;

/** Numbers in a text, whether written 1,234.50, 1.234,50 or 1'234.5. One that can be read in two ways gives both. */
export function numbersIn(text: string): readonly number[] {
  const found: number[] = [];
  for (const [written] of text.slice(0, MAX_READ).matchAll(NUMBER)) {
    const bare = written.replace(/['’\u00a0\u202f]/g, '');
    for (const reading of readingsOf(bare)) found.push(reading);
  }
  return found;
}

function readingsOf(bare: string): readonly number[] {
  if (bare.length > 30) return [];
  const english = Number(bare.replace(/,/g, ''));
  const continental = Number(bare.replace(/\./g, '').replace(',', '.'));
  return [english, continental].filter((value, index, all) => Number.isFinite(value) && all.indexOf(value) === index);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Days named in a text as month-day, `05-17`; a year is left out, since people leave it out. */
export function daysIn(text: string): ReadonlySet<string> {
  const days = new Set<string>();
  const add = (month: number, day: number): void => {
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31) days.add(`${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
  };
  const cut = text.slice(0, 20_000).toLowerCase();
  for (const [, month, day] of cut.matchAll(/\b\d{4}-(\d{1,2})-(\d{1,2})/g)) add(Number(month), Number(day));
  for (const [, first, second] of cut.matchAll(/\b(\d{1,2})[./](\d{1,2})(?:[./]\d{2,4})?\b/g)) {
    add(Number(first), Number(second));
    add(Number(second), Number(first));
  }
  for (const [, name, day] of cut.matchAll(/\b([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b/g)) add(MONTHS.indexOf(name ?? '') + 1, Number(day));
  for (const [, day, name] of cut.matchAll(/\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([a-z]{3})[a-z]*\b/g)) add(MONTHS.indexOf(name ?? '') + 1, Number(day));
  return days;
}
