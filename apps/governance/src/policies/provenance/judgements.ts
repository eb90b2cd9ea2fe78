/**
 * Choices that the operator leaves to judgement: "the nicest comment", "the most important news". What is measured is
 * none: a text may well tell which house is the tallest.
 *
 * I1 only the operator's words open such a choice; a text that claims in the same words to be it has not been judged
 */

const JUDGED = new Set('best worst nicest finest greatest kindest sweetest cutest wittiest strangest oddest boldest smartest wisest strongest'.split(' '));
const MEASURED = new Set('earliest heaviest'.split(' '));
const NO_SUPERLATIVE = new Set(['priest']);

/** @param words of one sentence of the operator's, folded */
export function judgementsIn(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const [thing, what] = [words[index + 1], words[index + 2]];
    if (thing === undefined) return [];
    if (word === 'most') return what === undefined ? [] : [` most ${thing} ${what} `];
    return isJudged(word) ? [` ${word} ${thing} `] : [];
  });
}

function isJudged(word: string): boolean {
  return JUDGED.has(word) || (word.endsWith('iest') && word.length > 5 && !MEASURED.has(word) && !NO_SUPERLATIVE.has(word));
}
