/**
 * A run asks for an effect: judge it by the policy it is pinned to, and authorize it, open a gate, or refuse it.
 *
 * I1 nothing the request says about itself is believed: digest, epoch, agent and versions are looked up here
 * I2 what the rules see is on record with the verdict, so that another policy can be tried on it
 */
import type { GateEvent, LoopEvent } from '@soloist/contracts';
import { sha256Hex, type Commit } from '@soloist/eventlog';
import { loadedFrom, reactor, type Decide, type Recorded, type Work } from '@soloist/service';
import { commitWithLadder } from '../decisions/open-with-ladder.js';
import { pinnedDefinition, pinnedDocument } from '../decisions/pinned.js';
import { actionDigest, haltOf, sealWith, type FullTerms } from '../decisions/terms.js';
import { knownRecipients } from '../domain/contact.js';
import type { GateState } from '../domain/gate-state.js';
import { judgeRequest } from '../domain/gate.js';
import type { Hold } from '../domain/hold.js';
import { judge, POLICY_KEY, type Facts, type Verdict } from '../domain/policy.js';
import { contacts, gates, holds, policies } from '../entities.js';
import { liveFacts } from '../policies/live-facts.js';
import { POLICIES } from '../policies/policies.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

type Claimed = Extract<LoopEvent, { type: 'runtime.loop.claimed' }>;

export const judgeEffect = reactor<GovernancePorts, LoopEvent, 'runtime.loop.effect-requested'>({
  name: 'judge-effect',
  on: ['runtime.loop.effect-requested'],
  react: async (recorded, work) => {
    const runId = recorded.commit.address.key;
    const request = { runId, ...recorded.event.data };
    // All at once, since each is only looked at: what must not have moved is expected where the verdict is written.
    const [judgements, hold, history, contact, halt] = await Promise.all([
      work.log.read({ context: 'governance', entity: 'gate', key: runId }),
      work.load(holds, runId),
      work.log.read({ context: 'runtime', entity: 'loop', key: runId }),
      work.load(contacts, request.dataSubject),
      haltOf(work, runId),
    ]);
    const seen = loadedFrom(gates, judgements);
    if (seen.state.judged.has(request.effectId)) return;
    const { allowedActions, policyVersion } = await pinnedBy(hold.state, runId, work);
    const document = await pinnedDocument(work, policyVersion);
    if (document === undefined) throw new Error(`run ${runId} is pinned to the policy ${policyVersion}, which was never adopted`);
    const terms: FullTerms = { policyVersion, document, halt, stopGeneration: halt.generation };
    const facts = { allowedActions, digest: actionDigest(request.action, request.args), epoch: epochBefore(history, recorded) };
    const approvals = pinnedApprovals(judgements) ?? contact.state.approvals.length;
    const known = knownRecipients(contact.state, approvals);
    const risk = liveFacts(request, { known, quietHours: terms.document.quietHours, at: recorded.commit.at });
    const verdict: Verdict = judge(POLICIES, request, { ...facts, risk }, terms.document);
    const seal = sealWith(work.ports.signer);
    const draw = drawOf(request.effectId);
    const step = `judge:${request.effectId}`;
    const decide: Decide<GateState, GateEvent> = (state, now) => judgeRequest(state, request, verdict, terms, now, seal, { facts: risk, approvals }, draw);
    if (verdict.verdict === 'gate') await commitWithLadder(work, runId, step, recorded.commit.at, terms, decide);
    else await work.commit(gates, runId, step, decide, { policy: policyVersion, seen });
  },
});

/** At least 0 and below 1, evenly spread, and the same for ever. */
function drawOf(effectId: string): number {
  return Number.parseInt(sha256Hex(`soloist.review ${effectId}`).slice(0, 8), 16) / 2 ** 32;
}

/** What the run's first judgement saw; null when this is the first. */
function pinnedApprovals(judgements: readonly Commit[]): number | null {
  const first = (judgements.flatMap((commit) => commit.events) as readonly GateEvent[]).find((event) => event.type === 'governance.gate.judged');
  return first?.data.approvals ?? null;
}

async function pinnedBy(hold: Hold, runId: string, work: Work<GovernancePorts>): Promise<Pick<Facts, 'allowedActions'> & { readonly policyVersion: string }> {
  if (hold.state !== 'granted') {
    const latest = (await work.load(policies, POLICY_KEY)).state.latest;
    if (latest === null) throw new Error(`run ${runId} asks for an effect before any policy was adopted`);
    return { allowedActions: null, policyVersion: latest };
  }
  const { agent, definitionVersion, policyVersion } = hold.grant;
  const definition = await pinnedDefinition(work, agent, definitionVersion);
  if (definition === undefined) throw new Error(`run ${runId} is pinned to ${agent} ${definitionVersion}, which was never published`);
  return { allowedActions: definition.actions, policyVersion };
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
