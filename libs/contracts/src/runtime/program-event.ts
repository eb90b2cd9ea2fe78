import type { EntityContract, EventOf } from '../event-contract.js';
import type { LoopEvent } from './loop.js';
import { programEvents } from './program.js';

/** The part of the loop's events that a program's run is told in; the rest tells an agent's run. */
export type ProgramEvent = EventOf<EntityContract<'runtime', 'loop', typeof programEvents>>;

const PROGRAM_TYPES: ReadonlySet<string> = new Set(Object.keys(programEvents).map((name) => `runtime.loop.${name}`));

export function isProgramEvent(event: LoopEvent): event is ProgramEvent {
  return PROGRAM_TYPES.has(event.type);
}
