/**
 * Which sentence of a draft rests on which source. Word by word and pure: no model is asked about it.
 *
 * I1 a sentence rests on a source only if every figure in it stands in the source, and most of its longer words do
 * I2 a sentence with a figure that no source holds is marked
 * I3 a sentence that rests on no source and says that an act was done, which the run has no receipt for, is marked
 * I4 the sentences put together are the text, character by character
 */
import type { AnyEvent, LoopEvent } from '@soloist/contracts';
import { ACTS_PEOPLE_RELY_ON, pastFormsOf, saysItWasDone } from '@soloist/kernel';
import type { Sentence } from './gate-schemas.js';

const ENOUGH_WORDS = 0.5;
const FEWEST_LETTERS = 4;
/** A greeting rests on nothing. */
const FEWEST_TOKENS = 3;
const MAX_SENTENCES = 500;
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * @param sources texts, in the order in which they are numbered from 1
 * @param receipts the actions that succeeded in this run until then
 */
export function sentencesOf(text: string, sources: readonly string[], receipts: readonly string[]): Sentence[] {
  const borneOut = new Set(receipts.flatMap(pastFormsOf));
  const claims = ACTS_PEOPLE_RELY_ON.filter((form) => !borneOut.has(form));
  const known = sources.map((source) => new Set(tokensOf(source)));
  const segments = [...segmenter.segment(text)].map(({ segment }) => segment);
  const shown = segments.length <= MAX_SENTENCES ? segments : [...segments.slice(0, MAX_SENTENCES - 1), segments.slice(MAX_SENTENCES - 1).join('')];
  return shown.map((sentence) => {
    const tokens = [...new Set(tokensOf(sentence))];
    const figures = tokens.filter(hasDigit);
    const words = tokens.filter((token) => !hasDigit(token) && [...token].length >= FEWEST_LETTERS);
    const found = known.flatMap((source, index) => (restsOn(figures, words, source) ? [index + 1] : []));
    return { text: sentence, sources: found, isUnsupported: figures.length > 0 && found.length === 0, isWithoutReceipt: found.length === 0 && saysItWasDone(sentence, claims) };
  });
}

/** The actions whose success the run has seen in these events: what its words may say was done. */
export function receiptsIn(events: readonly AnyEvent[]): readonly string[] {
  const asked = new Map<string, string>();
  return (events as readonly LoopEvent[]).flatMap((event) => {
    if (event.type === 'runtime.loop.effect-requested') asked.set(event.data.effectId, event.data.action);
    return event.type === 'runtime.loop.effect-observed' && event.data.outcome === 'succeeded' ? [asked.get(event.data.effectId) ?? []].flat() : [];
  });
}

function restsOn(figures: readonly string[], words: readonly string[], source: ReadonlySet<string>): boolean {
  if (figures.length + words.length < FEWEST_TOKENS || !figures.every((figure) => source.has(figure))) return false;
  const shared = words.filter((word) => source.has(word)).length;
  return words.length === 0 || (shared > 0 && shared / words.length >= ENOUGH_WORDS);
}

function tokensOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:[.,:/-]\p{N}+)*/gu) ?? [];
}

function hasDigit(token: string): boolean {
  return /\p{N}/u.test(token);
}
