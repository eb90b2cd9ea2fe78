/** The programs that workers have registered, as the log says it. */
import { PROGRAM_REGISTER_KEY, type ProgramRegisterEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { ApiError } from './api-error.js';
import type { ProgramCard } from './program-schemas.js';

type Registered = ProgramRegisterEvent['data'] & { readonly registeredAt: string };

/** By name, the newest version of each last. */
export async function registeredPrograms(log: EventLog): Promise<ReadonlyMap<string, readonly Registered[]>> {
  const programs = new Map<string, readonly Registered[]>();
  for (const { at, events } of await log.read({ context: 'runtime', entity: 'program', key: PROGRAM_REGISTER_KEY })) {
    for (const { data } of events as readonly ProgramRegisterEvent[]) {
      const others = (programs.get(data.program) ?? []).filter(({ version }) => version !== data.version);
      programs.set(data.program, [...others, { ...data, registeredAt: at }]);
    }
  }
  return programs;
}

export function cardsOf(programs: ReadonlyMap<string, readonly Registered[]>): readonly ProgramCard[] {
  return [...programs]
    .map(([name, versions]) => ({ name, newest: versions.at(-1)?.version ?? '', versions: versions.map(({ version, inputSchema, registeredAt }) => ({ version, inputSchema, registeredAt })) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param version null: the newest @throws ApiError 404 naming those that there are */
export function programNamed(programs: ReadonlyMap<string, readonly Registered[]>, name: string, version: string | null): Registered {
  const versions = programs.get(name);
  if (versions === undefined) {
    const known = [...programs.keys()].toSorted().join(', ');
    throw new ApiError(404, 'program.not-registered', `There is no program ${name}. ${known === '' ? 'No worker has registered any' : `Known: ${known}`}.`, 'Export it from the module that SOLOIST_PROGRAMS names, and start the runtime again.');
  }
  const found = version === null ? versions.at(-1) : versions.find((one) => one.version === version);
  if (found !== undefined) return found;
  throw new ApiError(404, 'program.not-registered', `The program ${name} has no version ${version ?? ''}. Known: ${versions.map((one) => one.version).join(', ')}.`, 'Name one of those, or none for the newest.');
}
