import { z } from 'zod';
import { AgentDefinition } from '../agent-definition.js';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { VersionHash } from '../scalars.js';

/** Versions of one agent, keyed by its name. A run pins one; a version never changes. */
export const definition = entityContract('governance', 'definition', {
  published: event(1, z.strictObject({ version: VersionHash, definition: AgentDefinition, origin: z.string() })),
});
export type DefinitionEvent = EventOf<typeof definition>;
