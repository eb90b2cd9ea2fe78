/**
 * Texts as sentences, and sentences as the words that carry something: what two texts must share to say the same.
 *
 * I1 total on any string and linear in its length
 */
import { fold, MAX_READ, wordsOf } from './forms.js';

/** Words of a closed class: they stand in every text and say nothing about where it comes from. */
export const CLOSED_CLASS: ReadonlySet<string> = new Set(
  (
    'a an the this that these those it its i me my mine we us our ours you your yours he him his she her hers they them their theirs who whom whose which what when where why how whether if ' +
    'and or but nor so as than then also too just only not no yes of for to from in on at by with about into over under after before until till since during per via up out off down ' +
    'is am are was were be been being do does did have has had will would shall should can could may might must there here all any some each every both other another such more most very much many few ' +
    'please thank thanks dear hi hello regards best kind sincerely re fwd'
  ).split(' '),
);
const ENDINGS = ['ings', 'ing', 'ed', 'es', 's'];
const DOUBLED = 'bdfglmnprt';
const SENTENCE_END = /[.!?]+(?=\s|$|["'”’)])|[\n\r;•|]+/;
/** Split off first: what stands in there is not shown to a reader of the page. */
const HIDDEN = /<!--([\s\S]*?)(?:-->|$)|[\u{e0000}-\u{e007f}]+/gu;
const TAG = /<\/?[a-z][^>]{0,2000}>/gi;

/** Without its ending, roughly: "cancelled" and "cancels" are one word. Two words that differ may share a stem. */
export function stemOf(word: string): string {
  if (word.length < 5 || word < 'a') return word;
  const ending = ENDINGS.find((one) => word.endsWith(one)) ?? '';
  let end = word.length - ending.length;
  if (end < 3) end = word.length;
  const last = word.charAt(end - 1);
  if (last === 'e' || (last === word.charAt(end - 2) && DOUBLED.includes(last))) end -= 1;
  return word.slice(0, end);
}

/** The words of a text that carry something, as stems. */
export function contentOf(text: string): ReadonlySet<string> {
  return contentIn(wordsOf(fold(text)));
}

/** @param words folded */
export function contentIn(words: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const word of words) if (!CLOSED_CLASS.has(word)) found.add(stemOf(word));
  return found;
}

export function sentencesOf(text: string): readonly string[] {
  return text.slice(0, MAX_READ).split(SENTENCE_END).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

export interface Shown {
  /** What a reader sees, without tags. */
  readonly plain: string;
  /** What stands in comments or in characters that nothing draws. */
  readonly hidden: readonly string[];
}

export function shownOf(text: string): Shown {
  const cut = text.slice(0, MAX_READ);
  const hidden: string[] = [];
  const visible = /<!--|[\u{e0000}-\u{e007f}]/u.test(cut)
    ? cut.replace(HIDDEN, (whole, comment: string | undefined) => {
        hidden.push(comment ?? String.fromCodePoint(...[...whole.slice(0, 4_000)].map((tag) => (tag.codePointAt(0) ?? 0) - 0xe0000 || 32)));
        return '\n';
      })
    : cut;
  return { plain: visible.includes('<') ? visible.replace(TAG, '\n') : visible, hidden };
}
