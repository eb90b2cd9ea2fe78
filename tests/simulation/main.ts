/** `npm run sim -- --seeds N [--from S]`: runs many seeds and ends with one line of JSON. */
import { parseArgs } from 'node:util';
import { printFailure, runSeeds } from './seeds.js';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, keep: { type: 'boolean', default: true } }, allowNegative: true });
const wholeOf = (name: string, text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`--${name} must be a whole number above 0, not ${JSON.stringify(text)}`);
  return number;
};

const counts = await runSeeds(wholeOf('from', values.from), wholeOf('seeds', values.seeds), { onFailure: (report) => printFailure(report), keepsFailures: values.keep });
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exitCode = counts.violations === 0 ? 0 : 1;
