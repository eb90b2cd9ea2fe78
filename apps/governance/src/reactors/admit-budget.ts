/**
 * A run asks for admission: pin its versions and set its envelope aside, or say why not.
 *
 * I1 the reservation is on the ledger before the hold says so; a crash in between is finished by the redelivery
 * I2 before the company has a policy, nothing is refused and nothing is granted: the request waits
 * I3 the hold grants the reservation that is open, word for word; what was published since does not count
 * I4 a run whose hold was refused meanwhile keeps no reservation
 */
import type { RunEvent } from '@soloist/contracts';
import { Fault, isRejection, reject, type Rejection } from '@soloist/kernel';
import { reactor, type Work } from '@soloist/service';
import { settleLedger } from '../decisions/settle-ledger.js';
import { inTurn } from '../decisions/ledger-turn.js';
import { LEDGER_KEY, reservationOf, reserveEnvelope, type Envelope } from '../domain/budget.js';
import { grantHold, refuseHold, type Hold } from '../domain/hold.js';
import { POLICY_KEY } from '../domain/policy.js';
import { definitions, holds, ledgers, policies } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

type Grant = Parameters<typeof grantHold>[1];

export const admitBudget = reactor<GovernancePorts, RunEvent, 'orchestrator.run.requested'>({
  name: 'admit-budget',
  on: ['orchestrator.run.requested'],
  react: async ({ event }, work) => {
    const { runId, agent } = event.data;
    const { state: before } = await work.load(holds, runId);
    const after = before.state === 'none' ? await answer(runId, agent, work) : before;
    if (after.state === 'refused') await settleLedger(work, runId, 0);
  },
});

/** The hold as it is then: granted, or refused, by us or by somebody who ended the run meanwhile. */
async function answer(runId: string, agent: string, work: Work<GovernancePorts>): Promise<Hold> {
  const grant = await reservedGrant(runId, agent, work);
  const outcome = await work.commit(holds, runId, isRejection(grant) ? 'refuse' : 'grant', (hold) =>
    isRejection(grant) ? refuseHold(hold, runId, grant.code, grant.because) : grantHold(hold, grant),
  );
  return outcome.state;
}

/** What the open reservation of the run says, made now if there is none. */
async function reservedGrant(runId: string, agent: string, work: Work<GovernancePorts>): Promise<Grant | Rejection> {
  const wanted = await wantedEnvelope(runId, agent, work);
  if (isRejection(wanted)) return wanted;
  const outcome = await inTurn(work.ports, () => work.commit(ledgers, LEDGER_KEY, 'reserve', (state, now) => reserveEnvelope(state, wanted, now)));
  if (outcome.kind === 'rejected') return outcome.rejection;
  const { state: ledger } = outcome;
  const reservation = reservationOf(ledger, runId);
  if (reservation === null || ledger.currency === null) return reject('run.settled', `Run ${runId} was settled before it was admitted: it was cancelled. Send the request again.`);
  const { definitionVersion, policyVersion, micros: envelopeMicros } = reservation;
  return { runId, agent: reservation.agent, definitionVersion, policyVersion, envelopeMicros, currency: ledger.currency };
}

async function wantedEnvelope(runId: string, agent: string, work: Work<GovernancePorts>): Promise<Envelope | Rejection> {
  const policyVersion = (await work.load(policies, POLICY_KEY)).state.latest;
  if (policyVersion === null) throw new Fault('transient', 'policy.not-adopted', 'The company has no policy yet; governance adopts the one of the catalog when it starts.');
  const { latest, versions } = (await work.load(definitions, agent)).state;
  const definition = latest === null ? undefined : versions.get(latest);
  if (latest === null || definition === undefined) return unknownAgent(agent, work);
  const { perRunMicros, currency } = definition.budget;
  return { runId, agent, definitionVersion: latest, policyVersion, micros: perRunMicros, currency };
}

function unknownAgent(agent: string, work: Work<GovernancePorts>): Rejection {
  if (work.ports.catalog.agents.some((one) => one.name === agent)) {
    throw new Fault('transient', 'agent.not-published', `The agent ${agent} is in the catalog and about to be published.`);
  }
  return reject('agent.unknown', `No agent is called ${agent}. Add its definition to the catalog, or correct the routing rule that names it, and start governance again.`);
}
