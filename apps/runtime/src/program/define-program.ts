/**
 * A program: code under a name and a version whose steps are durable. It runs from its first line each time a worker
 * picks its run up; calls that are on record answer from the record, so it must do the same calls in the same order.
 *
 * I1 what is not a call of the context is pure: no clock, no random, no network, no wait for anything else
 * I2 a step's function may run more than once (a worker may die in it); its result is recorded once
 */
import { inputSchemaProblem, type StartProgram } from '@soloist/contracts';

/** JSON as it is recorded. */
export type JsonValue = StartProgram['input'];

export interface StepCall {
  readonly runId: string;
  /** The same for every attempt of this step, and for no other step: what an outside service may deduplicate by. */
  readonly idempotencyKey: string;
  /** From 1. Above 1 an earlier attempt failed, or its worker died and nobody knows how far it came. */
  readonly attempt: number;
  readonly args: JsonValue;
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
}

export interface StepOptions {
  /** Recorded by digest and compared when the program runs again; handed to the function. */
  readonly args?: JsonValue;
  /** Further attempts after the first one failed. 2 unless given. */
  readonly retries?: number;
}

export interface ProgramContext {
  readonly runId: string;
  /** @throws StepFailed when the last attempt has failed */
  step<T>(name: string, run: (call: StepCall) => Promise<T> | T, options?: StepOptions): Promise<T>;
  /** Runs branches side by side, each on a context of its own. Fails, once all have ended, with the first branch that failed. */
  all<T extends readonly unknown[]>(branches: { readonly [K in keyof T]: (branch: ProgramContext) => Promise<T[K]> }): Promise<T>;
  /** 0 ms to 100 years. @throws RangeError for another length */
  sleep(ms: number): Promise<void>;
  /** RFC 3339, from 1970 to 2261. A moment in the past is due at once. @throws RangeError for another text */
  until(at: string): Promise<void>;
  /** The next event of this name that nobody took; one that came earlier counts. */
  waitFor<T = JsonValue>(eventName: string): Promise<T>;
  /** Runs another program as a run of its own. @throws ChildFailed when it does not end well */
  child<T = JsonValue>(program: ProgramId, input: JsonValue): Promise<T>;
  /** Ends this history and starts the program anew with another input, in the same run. Never returns. */
  continueAsNew(input: JsonValue): Promise<never>;
}

export interface ProgramId {
  readonly name: string;
  readonly version: string;
}

/** Draft 2020-12, as far as no condition and no `unevaluated…` stands in it. */
export type InputSchema = Readonly<Record<string, JsonValue>>;

export interface Program extends ProgramId {
  /** What a run must be started with; null or absent: anything. A run that was not is ended before its code is called. */
  readonly inputSchema?: InputSchema | null;
  readonly run: (context: ProgramContext, input: never) => Promise<unknown>;
}

/** A schema travels in one event, beside others. */
const MAX_SCHEMA_BYTES = 32 * 1024;

/** @throws RangeError when name or version cannot stand on record, or nothing can be held against the schema */
export function defineProgram<Input extends JsonValue, Output>(program: {
  readonly name: string;
  readonly version: string;
  readonly inputSchema?: InputSchema | null;
  readonly run: (context: ProgramContext, input: Input) => Promise<Output>;
}): Program {
  if (!/^[a-z][a-z0-9-]{0,47}$/.test(program.name)) throw new RangeError(`program name ${JSON.stringify(program.name)}: a-z, digits and -, at most 48, starting with a letter`);
  if (!/^[a-z0-9][a-z0-9.-]{0,31}$/.test(program.version)) throw new RangeError(`version ${JSON.stringify(program.version)} of ${program.name}: a-z, digits, . and -, at most 32`);
  const problem = program.inputSchema == null ? null : schemaProblem(program.inputSchema);
  if (problem !== null) throw new RangeError(`inputSchema of ${program.name} ${program.version}: ${problem}`);
  return program as unknown as Program;
}

function schemaProblem(schema: InputSchema): string | null {
  if (typeof schema !== 'object' || Array.isArray(schema)) return 'must be a JSON Schema, an object';
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES) return `takes more than ${MAX_SCHEMA_BYTES} bytes`;
  return inputSchemaProblem(schema);
}

export class ProgramRegistry {
  private readonly programs = new Map<string, Program[]>();

  /** Later ones of a name are newer. @throws RangeError when a version is registered twice */
  constructor(programs: readonly Program[]) {
    for (const program of programs) {
      const versions = this.programs.get(program.name) ?? [];
      if (versions.some(({ version }) => version === program.version)) throw new RangeError(`program ${program.name} ${program.version} is registered twice`);
      this.programs.set(program.name, [...versions, program]);
    }
  }

  /** Of each name the oldest first. */
  all(): readonly Program[] {
    return [...this.programs.values()].flat();
  }

  /** Null version: the newest. */
  find(name: string, version: string | null): Program | null {
    const versions = this.programs.get(name) ?? [];
    return (version === null ? versions.at(-1) : versions.find((program) => program.version === version)) ?? null;
  }
}

/** What the program sees when a step has failed for good; the same when it runs again. */
export class StepFailed extends Error {
  constructor(
    readonly step: string,
    readonly code: string,
    because: string,
  ) {
    super(because);
    this.name = 'StepFailed';
  }
}

export class ChildFailed extends Error {
  constructor(
    readonly childRunId: string,
    readonly outcome: string,
    because: string,
  ) {
    super(because);
    this.name = 'ChildFailed';
  }
}
