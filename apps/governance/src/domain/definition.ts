/**
 * The versions of one agent.
 *
 * I1 a version names one definition for ever; runs pin a version, new runs take the one in force
 * I2 publishing what is already the latest changes nothing
 * I3 in force is the version that the operator pinned, or else the latest published; what is published meanwhile does
 *    not move a pin
 * I4 a wish that is delivered again pins or unpins nothing again, whatever was wished since
 */
import type { AgentDefinition, DefinitionEvent } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';

export interface Definitions {
  readonly latest: string | null;
  /** Null: none, the latest is in force. */
  readonly pinned: string | null;
  readonly versions: ReadonlyMap<string, AgentDefinition>;
  /** Wishes that were carried out. */
  readonly wishes: ReadonlySet<string>;
}

/** Who wants it, why, and the command that says so. */
export interface PinWish {
  readonly commandId: string;
  readonly by: string;
  readonly because: string;
}

export const noDefinitions: Definitions = { latest: null, pinned: null, versions: new Map(), wishes: new Set() };

/** Null: nothing was published yet. */
export function versionInForce({ pinned, latest }: Definitions): string | null {
  return pinned ?? latest;
}

export function evolveDefinitions(state: Definitions, event: DefinitionEvent): Definitions {
  switch (event.type) {
    case 'governance.definition.published': {
      const { version, definition } = event.data;
      return { ...state, latest: version, versions: new Map(state.versions).set(version, definition) };
    }
    case 'governance.definition.pinned':
      return { ...state, pinned: event.data.version, wishes: new Set([...state.wishes, event.data.commandId]) };
    case 'governance.definition.unpinned':
      return { ...state, pinned: null, wishes: new Set([...state.wishes, event.data.commandId]) };
  }
}

export function publishDefinition(state: Definitions, version: string, definition: AgentDefinition, origin: string): readonly DefinitionEvent[] {
  if (state.latest === version) return [];
  return [{ type: 'governance.definition.published', data: { version, definition, origin } }];
}

export function pinDefinition(state: Definitions, version: string, wish: PinWish): readonly DefinitionEvent[] | Rejection {
  if (state.wishes.has(wish.commandId) || state.pinned === version) return [];
  const definition = state.versions.get(version);
  if (definition === undefined) return reject('agent.version-unknown', `There is no version ${version} of it. Known: ${[...state.versions.keys()].join(', ')}.`);
  return [{ type: 'governance.definition.pinned', data: { version, definition, ...wish } }];
}

export function unpinDefinition(state: Definitions, wish: PinWish): readonly DefinitionEvent[] {
  const { latest, pinned, versions, wishes } = state;
  const definition = latest === null ? undefined : versions.get(latest);
  if (wishes.has(wish.commandId) || pinned === null || latest === null || definition === undefined) return [];
  return [{ type: 'governance.definition.unpinned', data: { version: latest, definition, ...wish } }];
}
