/**
 * Definitions by the version that runs are pinned to. A version is the hash of what it names and holds nothing personal, so
 * it is read once in a process's life.
 */
import type { AgentDefinition } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';

/** Far above what a company runs at a time. */
const MOST = 500;
/** By the log, which stands for the process: a replay brings a new one for every life of a delivery. */
const known = new WeakMap<EventLog, Map<string, AgentDefinition>>();

export function knownDefinition(log: EventLog, agent: string, version: string): AgentDefinition | undefined {
  return known.get(log)?.get(nameOf(agent, version));
}

export function rememberDefinition(log: EventLog, agent: string, version: string, definition: AgentDefinition): AgentDefinition {
  const definitions = known.get(log) ?? new Map<string, AgentDefinition>();
  known.set(log, definitions);
  definitions.set(nameOf(agent, version), definition);
  if (definitions.size > MOST) definitions.delete(definitions.keys().next().value as string);
  return definition;
}

function nameOf(agent: string, version: string): string {
  return `${agent} ${version}`;
}
