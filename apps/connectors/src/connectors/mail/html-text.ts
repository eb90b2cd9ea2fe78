/**
 * The words of an HTML mail, for readers that want text. One pass, so that no mail can make it slow; not a renderer:
 * styles, scripts and comments are left out, blocks become lines.
 */
const DROPPED = new Set(['script', 'style', 'head', 'title']);
const BREAKS = new Set(['br', 'p', 'div', 'tr', 'li', 'ul', 'ol', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'hr', 'pre', 'section', 'article']);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', euro: '€', ndash: '–', mdash: '—', hellip: '…', copy: '©' };

export function htmlToText(html: string): string {
  const lower = html.toLowerCase();
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      text += html.slice(at);
      break;
    }
    text += html.slice(at, open);
    const next = afterTag(html, lower, open);
    text += next.text;
    at = next.at;
  }
  return tidy(decodeEntities(text));
}

function afterTag(html: string, lower: string, open: number): { at: number; text: string } {
  if (html.startsWith('<!--', open)) return { at: after(html, '-->', open), text: '' };
  const name = /^<(\/?)([a-z][a-z0-9]*)/.exec(lower.slice(open, open + 24));
  // A lone `<` in running text is a character, not a tag. Told before any search, or many of them would take long.
  if (name === null && html[open + 1] !== '!') return { at: open + 1, text: '<' };
  const close = html.indexOf('>', open);
  if (close === -1) return { at: html.length, text: '' };
  if (name === null) return { at: close + 1, text: '' };
  const tag = name[2] ?? '';
  if (name[1] === '' && DROPPED.has(tag)) return { at: after(lower, `</${tag}`, close, '>'), text: '' };
  return { at: close + 1, text: BREAKS.has(tag) ? '\n' : '' };
}

/** Behind `end` (and then behind `then`), or at the very end when it never comes. */
function after(text: string, end: string, from: number, then?: string): number {
  const found = text.indexOf(end, from);
  if (found === -1) return text.length;
  if (then === undefined) return found + end.length;
  const closing = text.indexOf(then, found);
  return closing === -1 ? text.length : closing + then.length;
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}

function tidy(text: string): string {
  const lines = text.split(/\r\n?|\n/).map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim());
  return lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== '')).join('\n').trim();
}
