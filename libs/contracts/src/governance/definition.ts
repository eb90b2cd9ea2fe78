import { z } from 'zod';
import { AgentDefinition } from '../agent-definition.js';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { VersionHash } from '../scalars.js';

/** Of a version that comes into force by the operator's word: whole, so that a reader of this event needs no other. */
const inForce = { version: VersionHash, definition: AgentDefinition, commandId: z.string(), by: z.string(), because: z.string() };

/** Versions of one agent, keyed by its name. A run pins one; a version never changes. */
export const definition = entityContract('governance', 'definition', {
  published: event(1, z.strictObject({ version: VersionHash, definition: AgentDefinition, origin: z.string() })),
  /** New runs take this version from now on, whatever is published. */
  pinned: event(1, z.strictObject(inForce)),
  /** New runs take the latest from now on, which is this. */
  unpinned: event(1, z.strictObject(inForce)),
});
export type DefinitionEvent = EventOf<typeof definition>;
