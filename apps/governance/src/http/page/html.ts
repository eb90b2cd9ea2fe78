/**
 * HTML by template. Whatever is put in is text, unless it was made by such a template itself.
 *
 * I1 no value leaves the place it was put in: the five characters that could are spelt out
 * I2 what would make a reader see another text than there is (direction marks, control characters) is shown by its number
 */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | null | false | readonly Html[];

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((made, part, index) => `${made}${index === 0 ? '' : textOf(values[index - 1] ?? null)}${part}`, ''));
}

function textOf(value: Value): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((one) => one.text).join('');
  return escaped(String(value));
}

const SPELLINGS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/**
 * Control characters but tab and line feed, and everything that changes the direction of text or takes no room: fillers,
 * tags, selectors of a variant. What joins or colours emoji stays beside one.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]|(?<!\p{ExtPict}\p{EMod}?\ufe0f?)\u200d|(?<!\p{ExtPict})\ufe0f(?!\u20e3)/gu;

export function escaped(text: string): string {
  return spelt(seen(text));
}

/** An address stays whole where it fits into a line, and is broken after its @ first where it does not. */
export function breakable(text: string): Html {
  // Word by word: an expression for the whole address takes a time that grows with the square of a word without one.
  return new Html(escaped(text).replace(/\S+/g, (word) => (isAddress(word) ? `<span class="whole">${word.replaceAll('@', '@<wbr>')}</span>` : word)));
}

function isAddress(word: string): boolean {
  const at = word.indexOf('@', 1);
  return at > 0 && at < word.length - 1;
}

/** For the values of a form: sent back as it is, so nothing in it may be made visible. */
export function verbatim(text: string): Html {
  return new Html(spelt(text.toWellFormed()));
}

function spelt(text: string): string {
  return text.replace(/[&<>"']/g, (character) => SPELLINGS[character] ?? '');
}

export function seen(text: string): string {
  return text.toWellFormed().replace(UNSEEN, (character) => (character === '\r' ? '' : `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`));
}
