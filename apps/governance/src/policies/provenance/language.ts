/**
 * Whether a sentence is in a language whose orders are not recognized here: orders are read in English only.
 *
 * I1 pure, total, linear in the length of the sentence
 * I2 told by the words that every sentence of a language has, by its script and its accents; never by what it says
 */
import { fold, wordsOf } from './forms.js';
import { CLOSED_CLASS } from './wording.js';

const ALSO_ENGLISH = new Set(['on', 'son', 'es', 'il', 'a']);
/** Words of a closed class in other languages, as far as they are no English words. */
const ELSEWHERE = new Set(
  (
    'der das dem des ein eine einen einem einer und oder aber nicht ist sind wird werden wurde haben hatte sie wir ihr ich von zu zum zur auf aus bei nach vor dass wenn weil auch noch nur sich wie kein keine mehr muss soll sollen kann allen alle bitte niemand ' +
    'le la les des du une et ou mais pas est sont sera ont avec dans sur aux que qui nous vous ils elle ne ce cette ces sans tous tout plus ' +
    'el los las una unos y pero es son está estan fue con para por del al que se su sus nos todos toda muy ya ' +
    'il lo gli uno ed ma è sono che di da nel nella con tutti questo questa anche più ' +
    'het een en maar niet zijn wordt werd voor op aan bij ook naar dat deze iedereen geen ' +
    'um uma não são foi para das pelo todos você ' +
    'och eller men inte är var med för till som att ikke og til af på det jest nie się że na jak dla wszystkim oraz ' +
    'bir ve bu için değil ile değildir ei ja on että kaikki hogy nem és az este sunt pentru și nu'
  )
    .split(' ')
    .filter((word) => !ALSO_ENGLISH.has(word) && !CLOSED_CLASS.has(word)),
);
/** "Vincent Gogh", "Trattoria del Porto": part of a name. */
const PARTICLE = /(\p{Lu}[\p{L}.’']{0,40}) \p{Ll}{1,3} (?=\p{Lu})/gu;
const FOREIGN_SCRIPT = /[^\P{L}\p{Script=Latin}]/gu;
const LETTER = /\p{L}/gu;
const NOT_LETTERS = /\P{L}+/u;
const LOWER = /\p{Ll}/u;
const NOT_ASCII = /[^ -~]/;
/** So often a word with an accent stands, names left out. */
const ONE_IN = 5;
/** An English sentence of so many words has one of a closed class. */
const LONG = 8;

export function isUnreadable(sentence: string): boolean {
  const letters = sentence.match(LETTER)?.length ?? 0;
  if (letters === 0) return false;
  if ((sentence.match(FOREIGN_SCRIPT)?.length ?? 0) * 3 > letters) return true;
  const words = wordsOf(fold(sentence.replace(PARTICLE, '$1 '))).filter((word) => !/\d/.test(word));
  const english = words.filter((word) => CLOSED_CLASS.has(word)).length;
  const elsewhere = words.filter((word) => ELSEWHERE.has(word)).length;
  if (elsewhere > 1 && elsewhere > english) return true;
  const accented = sentence.split(NOT_LETTERS).filter((word) => LOWER.test(word.charAt(0)) && NOT_ASCII.test(word)).length;
  if (elsewhere > 0 && elsewhere >= english && accented > 0) return true;
  return english === 0 && words.length > 2 && (elsewhere > 0 || words.length >= LONG || accented * ONE_IN >= words.length);
}
