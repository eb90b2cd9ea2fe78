/** How a program's failures are told. */
import { inputProblem } from '@soloist/contracts';
import type { JsonValue, Program } from './define-program.js';
import type { Ending } from './drafts.js';

export function failureOf(error: unknown): Ending {
  const { code, name, message } = error instanceof Error ? (error as Error & { code?: unknown }) : { code: undefined, name: 'Error', message: String(error) };
  const failed: Ending = { outcome: 'failed', code: 'program.failed', because: `${name}: ${message}` };
  return typeof code === 'string' ? { ...failed, code } : failed;
}

export function formOf(form: { kind: string; name: string; argsDigest: string } | null): string {
  return form === null ? 'nothing' : `${form.kind} ${form.name} (arguments ${form.argsDigest.slice(0, 12)})`;
}

export function badName(kind: string, name: string): RangeError {
  return new RangeError(`${JSON.stringify(name)} cannot name a ${kind}: letters, digits and ._:- only, a program a-z, digits and -`);
}

export function badMoment(due: object): RangeError {
  return new RangeError(`${JSON.stringify(due)} is no moment to wait for`);
}

/** Null when the program may be run with it. */
export function badInput({ name, version, inputSchema = null }: Program, input: JsonValue): Ending | null {
  const problem = inputProblem(inputSchema, input);
  return problem === null ? null : { outcome: 'failed', code: 'program.bad-input', because: `The input is none of ${name} ${version}: ${problem}.` };
}
