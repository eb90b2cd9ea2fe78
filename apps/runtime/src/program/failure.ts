/** How a program's failures are told. */
import { inputProblem } from '@soloist/contracts';
import { isFault, type Fault } from '@soloist/kernel';
import type { DueIn } from './call-forms.js';
import type { JsonValue, Program } from './define-program.js';
import type { Ending } from './drafts.js';

/** As it is recorded: bounded and well-formed. */
export interface StepFailure {
  readonly code: string;
  readonly because: string;
}

const MAX_CODE = 100;
/** Of the reason of a step, in UTF-16 units; a program sees the same of it at once and when it runs again. */
const MAX_BECAUSE = 2_000;
const WORDLESS = 'What was thrown has no text.';

/** Of whatever the code of a program threw. Never throws. */
export function failureOf(error: unknown): Ending {
  const { code, name, message } = toldBy(error);
  return { outcome: 'failed', code: code ?? 'program.failed', because: `${name}: ${message}` };
}

/** Null for what is none. Never throws. */
export function faultOf(error: unknown): Fault | null {
  return answered(() => (isFault(error) ? error : null), null);
}

/** Of whatever the function of a step threw. Never throws. */
export function stepFailureOf(error: unknown): StepFailure {
  const { code, message } = toldBy(error);
  return { code: code ?? 'step.failed', because: cut(message, MAX_BECAUSE) };
}

/** Code may throw anything: values without a text, and objects that throw when they are asked for theirs. */
function toldBy(error: unknown): { readonly code: string | null; readonly name: string; readonly message: string } {
  if (!answered(() => error instanceof Error, false)) return { code: null, name: 'Error', message: textOf(() => error) };
  const thrown = error as Error & { code?: unknown };
  const code = answered(() => thrown.code, null);
  return { code: typeof code === 'string' ? cut(code, MAX_CODE) : null, name: textOf(() => thrown.name), message: textOf(() => thrown.message) };
}

function textOf(ask: () => unknown): string {
  return answered(() => String(ask()), WORDLESS);
}

function answered<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}

export function formOf(form: { kind: string; name: string; argsDigest: string } | null): string {
  return form === null ? 'nothing' : `${form.kind} ${form.name} (arguments ${form.argsDigest.slice(0, 12)})`;
}

export function badName(kind: string, name: string): RangeError {
  return new RangeError(`${JSON.stringify(name)} cannot name a ${kind}: letters, digits and ._:- only, a program a-z, digits and -`);
}

export function badMoment(due: DueIn): RangeError {
  const said = 'at' in due ? `until(at): ${quoted(due.at)}` : `sleep(ms): ${quoted(due.afterMs)} ms`;
  const next = 'at' in due ? 'give an RFC 3339 text from 1970 to 2261, such as 2026-12-01T08:00:00Z' : 'give 0 ms to 100 years';
  return new RangeError(`${said} is no moment to wait for; ${next}, or wait for an event`);
}

/** A caller in plain JavaScript may hand over anything. */
function quoted(value: unknown): string {
  return cut(typeof value === 'string' ? JSON.stringify(value) : textOf(() => value), 100);
}

/** Null when the program may be run with it. */
export function badInput({ name, version, inputSchema = null }: Program, input: JsonValue): Ending | null {
  const problem = inputProblem(inputSchema, input);
  return problem === null ? null : { outcome: 'failed', code: 'program.bad-input', because: `The input is none of ${name} ${version}: ${problem}.` };
}
