/**
 * The versions of one agent.
 *
 * I1 a version names one definition for ever; runs pin a version, new runs take the latest published
 * I2 publishing what is already the latest changes nothing
 */
import type { AgentDefinition, DefinitionEvent } from '@soloist/contracts';

export interface Definitions {
  readonly latest: string | null;
  readonly versions: ReadonlyMap<string, AgentDefinition>;
}

export const noDefinitions: Definitions = { latest: null, versions: new Map() };

export function evolveDefinitions(state: Definitions, event: DefinitionEvent): Definitions {
  const { version, definition } = event.data;
  return { latest: version, versions: new Map(state.versions).set(version, definition) };
}

export function publishDefinition(state: Definitions, version: string, definition: AgentDefinition, origin: string): readonly DefinitionEvent[] {
  if (state.latest === version) return [];
  return [{ type: 'governance.definition.published', data: { version, definition, origin } }];
}
