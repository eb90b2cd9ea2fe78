/** Words and forms of politeness, with which people wrap what they have to say: they say nothing themselves. */
import { stemOf } from './wording.js';

export const COURTESY: ReadonlySet<string> = new Set(
  (
    'thank thanks hello hi hey dear regards greetings cheers welcome sorry apologies apologize unfortunately sadly happy glad pleased pleasure delighted grateful appreciate kind kindly best warm nice great good ' +
    'look looking forward hear hearing see soon again come back get touch let know feel free hesitate contact reach ask asking tell telling write writing message note mail reply question questions anything help ' +
    'visit wish wishes day week weekend evening morning time patience understanding inconvenience attached enclosed find hope well yours sincerely everyone team all'
  )
    .split(' ')
    .map(stemOf),
);

const SALUTATION = /^\s*(?:[Dd]ear|[Hh]ello|[Hh]i|[Hh]ey)\s+(?:(?:Mr|Ms|Mrs|Dr)\s+)?\p{Lu}[\p{L}'’-]{1,30}(?:\s+\p{Lu}[\p{L}'’-]{1,30})?\s*,?\s*$/u;
const NAME = /^\s*\p{Lu}[\p{L}'’-]{1,30}(?:\s+\p{Lu}[\p{L}'’-]{1,30})?\s*$/u;

/** "Dear Ines Almeida,": a line of its own, with a name of at most two words. */
export function isSalutation(line: string): boolean {
  return SALUTATION.test(line);
}

/** What may stand below a letter. */
export function isName(line: string): boolean {
  return NAME.test(line);
}
