/**
 * A run asks for admission: pin its versions and set its envelope aside, or say why not.
 *
 * I1 the reservation is on the ledger before the hold says so; a crash in between is finished by the redelivery
 * I2 before the company has a policy, nothing is refused and nothing is granted: the request waits
 */
import type { RunEvent } from '@soloist/contracts';
import { Fault, isRejection, reject, type Rejection } from '@soloist/kernel';
import { reactor, type Work } from '@soloist/service';
import { inTurn } from '../decisions/ledger-turn.js';
import { LEDGER_KEY, reserveEnvelope } from '../domain/budget.js';
import { grantHold, refuseHold } from '../domain/hold.js';
import { POLICY_KEY } from '../domain/policy.js';
import { definitions, holds, ledgers, policies } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

type Grant = Parameters<typeof grantHold>[1];

export const admitBudget = reactor<GovernancePorts, RunEvent, 'orchestrator.run.requested'>({
  name: 'admit-budget',
  on: ['orchestrator.run.requested'],
  react: async ({ event }, work) => {
    const { runId, agent } = event.data;
    if ((await work.load(holds, runId)).state.state !== 'none') return;
    const grant = await pinnedGrant(runId, agent, work);
    const no = isRejection(grant) ? grant : await reserve(grant, work);
    if (no !== null) await work.commit(holds, runId, 'refuse', (hold) => refuseHold(hold, runId, no.code, no.because));
    else await work.commit(holds, runId, 'grant', (hold) => grantHold(hold, grant as Grant));
  },
});

async function pinnedGrant(runId: string, agent: string, work: Work<GovernancePorts>): Promise<Grant | Rejection> {
  const policyVersion = (await work.load(policies, POLICY_KEY)).state.latest;
  if (policyVersion === null) throw new Fault('transient', 'policy.not-adopted', 'The company has no policy yet; governance adopts the one of the catalog when it starts.');
  const { latest, versions } = (await work.load(definitions, agent)).state;
  const definition = latest === null ? undefined : versions.get(latest);
  if (latest === null || definition === undefined) return unknownAgent(agent, work);
  const { perRunMicros, currency } = definition.budget;
  return { runId, agent, definitionVersion: latest, policyVersion, envelopeMicros: perRunMicros, currency };
}

function unknownAgent(agent: string, work: Work<GovernancePorts>): Rejection {
  if (work.ports.catalog.agents.some((one) => one.name === agent)) {
    throw new Fault('transient', 'agent.not-published', `The agent ${agent} is in the catalog and about to be published.`);
  }
  return reject('agent.unknown', `No agent is called ${agent}. Add its definition to the catalog, or correct the routing rule that names it, and start governance again.`);
}

async function reserve(grant: Grant, work: Work<GovernancePorts>): Promise<Rejection | null> {
  const { runId, agent, envelopeMicros, currency } = grant;
  const envelope = { runId, agent, micros: envelopeMicros, currency };
  const outcome = await inTurn(work.ports, () => work.commit(ledgers, LEDGER_KEY, 'reserve', (ledger, now) => reserveEnvelope(ledger, envelope, now)));
  return outcome.kind === 'rejected' ? outcome.rejection : null;
}
