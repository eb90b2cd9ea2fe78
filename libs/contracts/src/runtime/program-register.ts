/**
 * Which programs workers have the code of, said by the runtime when it starts. One entity; the last one registered of a
 * name is the version that new runs take.
 */
import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { JsonObject } from '../scalars.js';
import { ProgramName, ProgramVersion } from './program.js';

export const PROGRAM_REGISTER_KEY = 'register';

export const program = entityContract('runtime', 'program', {
  /** `inputSchema`: JSON Schema of what its runs are started with; null when the program takes anything. */
  registered: event(1, z.strictObject({ program: ProgramName, version: ProgramVersion, inputSchema: JsonObject.nullable() })),
});
export type ProgramRegisterEvent = EventOf<typeof program>;
