/**
 * Which programs are registered, and which version of each new runs take.
 *
 * I1 what the register says already is not said again; a version that comes back after another is the newest again
 */
import type { ProgramRegisterEvent } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import { defineEntity } from '@soloist/service';
import type { Program } from './define-program.js';

type Registered = ProgramRegisterEvent['data'];

export interface Register {
  /** By name, each version once, the newest last. */
  readonly programs: ReadonlyMap<string, readonly Registered[]>;
}

const initial: Register = { programs: new Map() };

export const programRegister = defineEntity<Register, ProgramRegisterEvent>({ context: 'runtime', entity: 'program', initial, evolve });

function evolve({ programs }: Register, { data }: ProgramRegisterEvent): Register {
  const others = (programs.get(data.program) ?? []).filter(({ version }) => version !== data.version);
  return { programs: new Map(programs).set(data.program, [...others, data]) };
}

/** @param own all programs of a worker, of each name the oldest first */
export function register(state: Register, own: readonly Program[]): readonly ProgramRegisterEvent[] {
  const said: ProgramRegisterEvent[] = [];
  let now = state;
  const say = (program: Program): void => {
    const event = registered(program);
    said.push(event);
    now = evolve(now, event);
  };
  for (const program of own) if (!isSaid(now, program)) say(program);
  for (const newest of new Map(own.map((program) => [program.name, program])).values()) {
    if (now.programs.get(newest.name)?.at(-1)?.version !== newest.version) say(newest);
  }
  return said;
}

function isSaid({ programs }: Register, program: Program): boolean {
  const known = programs.get(program.name)?.find(({ version }) => version === program.version);
  return known !== undefined && canonicalJson(known) === canonicalJson(registered(program).data);
}

function registered({ name, version, inputSchema = null }: Program): ProgramRegisterEvent {
  return { type: 'runtime.program.registered', data: { program: name, version, inputSchema } };
}
