/**
 * A run asks for an effect: judge it by the policy it is pinned to, and authorize it, open a gate, or refuse it.
 *
 * I1 nothing the request says about itself is believed: digest, epoch, agent and versions are looked up here
 * I2 what the rules see is on record with the verdict, so that another policy can be tried on it
 */
import type { GateEvent, LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { reactor, type Recorded, type Work } from '@soloist/service';
import { actionDigest, sealWith, termsOf } from '../decisions/terms.js';
import { knownRecipients } from '../domain/contact.js';
import { judgeRequest } from '../domain/gate.js';
import { judge, POLICY_KEY, type Facts, type Verdict } from '../domain/policy.js';
import { contacts, definitions, gates, holds, policies } from '../entities.js';
import { liveFacts } from '../policies/live-facts.js';
import { POLICIES } from '../policies/policies.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

type EffectRequested = Extract<LoopEvent, { type: 'runtime.loop.effect-requested' }>;
type Claimed = Extract<LoopEvent, { type: 'runtime.loop.claimed' }>;

export const judgeEffect = reactor<GovernancePorts, LoopEvent, 'runtime.loop.effect-requested'>({
  name: 'judge-effect',
  on: ['runtime.loop.effect-requested'],
  react: async (recorded, work) => {
    const runId = recorded.commit.address.key;
    const request = { runId, ...recorded.event.data };
    if ((await work.load(gates, runId)).state.judged.has(request.effectId)) return;
    const { facts, policyVersion } = await lookUp(recorded, runId, work);
    const terms = await termsOf(work, runId, policyVersion);
    const { state: contact } = await work.load(contacts, request.dataSubject);
    const approvals = (await pinnedApprovals(runId, work)) ?? contact.approvals.length;
    const known = knownRecipients(contact, approvals);
    const risk = liveFacts(request, { known, quietHours: terms.document.quietHours, at: recorded.commit.at });
    const verdict: Verdict = judge(POLICIES, request, { ...facts, risk }, terms.document);
    const seal = sealWith(work.ports.signer);
    await work.commit(gates, runId, `judge:${request.effectId}`, (state, now) => judgeRequest(state, request, verdict, terms, now, seal, { facts: risk, approvals }), { policy: policyVersion });
  },
});

/** What the run's first judgement saw; null when this is the first. */
async function pinnedApprovals(runId: string, work: Work<GovernancePorts>): Promise<number | null> {
  const commits = await work.log.read({ context: 'governance', entity: 'gate', key: runId });
  const first = (commits.flatMap((commit) => commit.events) as readonly GateEvent[]).find((event) => event.type === 'governance.gate.judged');
  return first?.data.approvals ?? null;
}

async function lookUp(recorded: Recorded<EffectRequested>, runId: string, work: Work<GovernancePorts>): Promise<{ facts: Omit<Facts, 'risk'>; policyVersion: string }> {
  const { state: hold } = await work.load(holds, runId);
  const history = await work.log.read({ context: 'runtime', entity: 'loop', key: runId });
  const { action, args } = recorded.event.data;
  const facts = { digest: actionDigest(action, args), epoch: epochBefore(history, recorded) };
  if (hold.state !== 'granted') {
    const latest = (await work.load(policies, POLICY_KEY)).state.latest;
    if (latest === null) throw new Error(`run ${runId} asks for an effect before any policy was adopted`);
    return { facts: { ...facts, allowedActions: null }, policyVersion: latest };
  }
  const { agent, definitionVersion, policyVersion } = hold.grant;
  const definition = (await work.load(definitions, agent)).state.versions.get(definitionVersion);
  if (definition === undefined) throw new Error(`run ${runId} is pinned to ${agent} ${definitionVersion}, which was never published`);
  return { facts: { ...facts, allowedActions: definition.actions }, policyVersion };
}

/** The epoch of the last claim that stands before the request on the run's own subject. */
function epochBefore(history: readonly Commit[], recorded: Recorded): number | null {
  let epoch: number | null = null;
  for (const commit of history) {
    for (const [index, event] of commit.events.entries()) {
      if (commit.position.sequence > recorded.commit.position.sequence) return epoch;
      if (commit.position.sequence === recorded.commit.position.sequence && index >= recorded.index) return epoch;
      if (event.type === 'runtime.loop.claimed') epoch = (event as Claimed).data.epoch;
    }
  }
  return epoch;
}
