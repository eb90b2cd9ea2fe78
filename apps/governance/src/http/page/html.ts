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
/** Control characters but tab and line feed, and everything that changes the direction of text or takes no room. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

export function escaped(text: string): string {
  return spelt(seen(text));
}

/** An address stays whole where it fits into a line, and is broken after its @ first where it does not. */
export function breakable(text: string): Html {
  return new Html(escaped(text).replace(/\S+@\S+/g, (address) => `<span class="whole">${address.replaceAll('@', '@<wbr>')}</span>`));
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
