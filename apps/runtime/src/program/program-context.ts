/** The context a program's code sees: numbers its calls and hands them to the run. */
import type { JsonValue, ProgramContext, ProgramId, StepCall, StepOptions } from './define-program.js';

/** What the calls of a context end up in. */
export interface Calls {
  readonly runId: string;
  step(path: string, name: string, run: (call: StepCall) => unknown, options: StepOptions): Promise<JsonValue>;
  timer(path: string, due: { readonly afterMs: number } | { readonly at: string }): Promise<JsonValue>;
  event(path: string, name: string): Promise<JsonValue>;
  child(path: string, program: ProgramId, input: JsonValue): Promise<JsonValue>;
  continueAsNew(input: JsonValue): Promise<never>;
}

export function contextOn(calls: Calls, prefix = ''): ProgramContext {
  let made = 0;
  const next = (): string => `${prefix}${(made += 1)}`;
  return {
    runId: calls.runId,
    step: (name, run, options = {}) => calls.step(next(), name, run, options) as Promise<never>,
    all: (branches) => settleAll(branches as readonly Branch[], calls, next()) as Promise<never>,
    sleep: async (afterMs) => void (await calls.timer(next(), { afterMs })),
    until: async (at) => void (await calls.timer(next(), { at })),
    waitFor: (name) => calls.event(next(), name) as Promise<never>,
    child: (program, input) => calls.child(next(), program, input) as Promise<never>,
    continueAsNew: (input) => calls.continueAsNew(input),
  };
}

type Branch = (context: ProgramContext) => Promise<unknown>;

/** Which branch fails first depends on the world; which one stands first does not. So the latter's failure counts. */
async function settleAll(branches: readonly Branch[], calls: Calls, path: string): Promise<readonly unknown[]> {
  const settled = await Promise.allSettled(branches.map(async (branch, index) => branch(contextOn(calls, `${path}.${index}.`))));
  const failed = settled.find((one): one is PromiseRejectedResult => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value);
}
