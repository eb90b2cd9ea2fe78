/** Checks of flag values that the parser cannot do. */
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/** @throws Failure cli.usage naming the flag */
export function wholeNumber(flag: string, value: unknown, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Failure('cli.usage', `${flag} is ${JSON.stringify(value)}, but must be a whole number from ${least} to ${most}`, `correct ${flag}`, EXIT.usage);
}

/** @throws Failure cli.usage naming the flag and the choices */
export function oneOf<Choice extends string>(flag: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new Failure('cli.usage', `${flag} is ${JSON.stringify(value)}, but must be one of ${choices.join(', ')}`, `correct ${flag}`, EXIT.usage);
}
