/**
 * Definitions and policy documents by the version that a run is pinned to. A version is the hash of what it names, so it
 * is read once in a process's life.
 */
import type { AgentDefinition, PolicyDocument } from '@soloist/contracts';
import type { Work } from '@soloist/service';
import { POLICY_KEY } from '../domain/policy.js';
import { definitions, policies } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

interface Pins {
  readonly definitions: Map<string, AgentDefinition>;
  readonly documents: Map<string, PolicyDocument>;
}

/** Far above what a company runs at a time. */
const MOST = 500;
/** By the ports, which stand for the process. */
const known = new WeakMap<GovernancePorts, Pins>();

/** Undefined when it was never published. */
export async function pinnedDefinition(work: Work<GovernancePorts>, agent: string, version: string): Promise<AgentDefinition | undefined> {
  const pins = pinsOf(work.ports).definitions;
  const name = `${agent} ${version}`;
  return pins.get(name) ?? kept(pins, name, (await work.load(definitions, agent)).state.versions.get(version));
}

/** Undefined when it was never adopted. */
export async function pinnedDocument(work: Work<GovernancePorts>, version: string): Promise<PolicyDocument | undefined> {
  const pins = pinsOf(work.ports).documents;
  return pins.get(version) ?? kept(pins, version, (await work.load(policies, POLICY_KEY)).state.versions.get(version));
}

function pinsOf(ports: GovernancePorts): Pins {
  const pins = known.get(ports) ?? { definitions: new Map(), documents: new Map() };
  known.set(ports, pins);
  return pins;
}

function kept<Value>(pins: Map<string, Value>, name: string, value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  pins.set(name, value);
  if (pins.size > MOST) pins.delete(pins.keys().next().value as string);
  return value;
}
