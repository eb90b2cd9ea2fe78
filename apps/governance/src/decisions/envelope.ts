/** What a run may use at most, and whom it is booked under: from its request and the definition in force. */
import type { RunEvent } from '@soloist/contracts';
import { Fault, reject, type Rejection } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { versionInForce } from '../domain/definition.js';
import type { Envelope } from '../domain/ledger.js';
import { POLICY_KEY } from '../domain/policy.js';
import { definitions, policies } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export type Requested = Extract<RunEvent, { type: 'orchestrator.run.requested' }>['data'];

/** @throws Fault transient while the catalog is being published */
export async function envelopeOf({ runId, agent, dataSubject }: Requested, work: Work<GovernancePorts>): Promise<Envelope | Rejection> {
  const policyVersion = (await work.load(policies, POLICY_KEY)).state.latest;
  if (policyVersion === null) throw new Fault('transient', 'policy.not-adopted', 'The company has no policy yet; governance adopts the one of the catalog when it starts.');
  const { state } = await work.load(definitions, agent);
  const definitionVersion = versionInForce(state);
  const definition = definitionVersion === null ? undefined : state.versions.get(definitionVersion);
  if (definitionVersion === null || definition === undefined) return unknownAgent(agent, work);
  const { perRunMicros, perRunTokens, perRunCalls, perRunMinutes, currency } = definition.budget;
  const { feature = null, workflow = null } = definition;
  const bounds = { tokens: perRunTokens ?? null, calls: perRunCalls ?? null, minutes: perRunMinutes ?? null };
  return { runId, agent, definitionVersion, policyVersion, feature, workflow, client: dataSubject, micros: perRunMicros, bounds, currency };
}

function unknownAgent(agent: string, work: Work<GovernancePorts>): Rejection {
  if (work.ports.catalog.agents.some((one) => one.name === agent)) {
    throw new Fault('transient', 'agent.not-published', `The agent ${agent} is in the catalog and about to be published.`);
  }
  return reject('agent.unknown', `No agent is called ${agent}. Add its definition to the catalog, or correct the routing rule that names it, and start governance again.`);
}
