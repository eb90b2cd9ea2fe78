/**
 * A run asks for an effect: judge it by the policy it is pinned to, and authorize it, open a gate, or refuse it.
 *
 * I1 nothing the request says about itself is believed: digest, epoch, agent and versions are looked up here
 * I2 what the rules see is on record with the verdict, so that another policy can be tried on it
 * I3 of a run's judgements only what can never change is taken from memory: that the first one stands, and how many
 *    approvals it counted. The verdict is written where the log shows nothing newer, and is made again where it does
 */
import type { AnyEvent, GateEvent, LoopEvent } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import { reactor, type Decide, type Loaded, type Recorded, type Work } from '@soloist/service';
import { knownEpoch, rememberEpoch } from '../decisions/known-epochs.js';
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
    const [{ pinned, seen }, hold, epoch, halt] = await Promise.all([judgementsOf(request, work), work.load(holds, runId), epochBefore(recorded, work), haltOf(work, runId)]);
    if (seen?.state.judged.has(request.effectId) === true) return;
    const { allowedActions, policyVersion } = await pinnedBy(hold.state, runId, work);
    const document = await pinnedDocument(work, policyVersion);
    if (document === undefined) throw new Error(`run ${runId} is pinned to the policy ${policyVersion}, which was never adopted`);
    const terms: FullTerms = { policyVersion, document, halt, stopGeneration: halt.generation };
    const facts = { allowedActions, digest: actionDigest(request.action, request.args), epoch };
    const { approvals, known } = pinned;
    const risk = liveFacts(request, { known, quietHours: terms.document.quietHours, at: recorded.commit.at });
    const verdict: Verdict = judge(POLICIES, request, { ...facts, risk }, terms.document);
    const seal = sealWith(work.ports.signer);
    const draw = drawOf(request.effectId);
    const step = `judge:${request.effectId}`;
    const decide: Decide<GateState, GateEvent> = (state, now) => judgeRequest(state, request, verdict, terms, now, seal, { facts: risk, approvals }, draw);
    if (verdict.verdict === 'gate') await commitWithLadder(work, runId, step, recorded.commit.at, terms, decide);
    else await work.commit(gates, runId, step, decide, { policy: policyVersion, ...(seen === null ? {} : { seen }) });
  },
});

/** At least 0 and below 1, evenly spread, and the same for ever. */
function drawOf(effectId: string): number {
  return Number.parseInt(sha256Hex(`soloist.review ${effectId}`).slice(0, 8), 16) / 2 ** 32;
}

interface Judgements {
  /** The approvals that count for this run, and whom they made known. */
  readonly pinned: { readonly approvals: number; readonly known: ReadonlySet<string> };
  /** The run's gates as they were read; null when they are as this process left them, as far as it knows. */
  readonly seen: Loaded<GateState> | null;
}

async function judgementsOf({ runId, effectId, dataSubject }: { readonly runId: string; readonly effectId: string; readonly dataSubject: string }, work: Work<GovernancePorts>): Promise<Judgements> {
  const left = work.remembered?.(gates, runId);
  const isFirstKnown = left !== undefined && pinnedApprovals(left.state) !== null && !left.state.judged.has(effectId);
  // Approvals are only ever added, so none of none are known whatever was added since.
  if (isFirstKnown && pinnedApprovals(left.state) === 0) return { pinned: { approvals: 0, known: new Set() }, seen: null };
  const [read, contact] = await Promise.all([isFirstKnown ? null : work.load(gates, runId), work.load(contacts, dataSubject)]);
  const approvals = pinnedApprovals((read ?? left)?.state) ?? contact.state.approvals.length;
  return { pinned: { approvals, known: knownRecipients(contact.state, approvals) }, seen: read };
}

/** What the run's first judgement counted; null when there is none, or it does not say. */
function pinnedApprovals(state: GateState | undefined): number | null {
  const [first] = state?.judged.values() ?? [];
  return first?.approvals ?? null;
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
async function epochBefore(recorded: Recorded, { ports, log }: Work<GovernancePorts>): Promise<number | null> {
  const { commit, index } = recorded;
  const runId = commit.address.key;
  const known = knownEpoch(ports, runId, commit.hash);
  if (known !== undefined) return lastClaim(commit.events.slice(0, index), known);
  const history = await log.read({ context: 'runtime', entity: 'loop', key: runId });
  const earlier = history.filter(({ position }) => position.sequence < commit.position.sequence);
  const before = lastClaim(earlier.flatMap(({ events }) => events), null);
  // A replica that has not caught up tells less than there is: that is nothing to build on.
  if (history.some(({ hash }) => hash === commit.hash)) rememberEpoch(ports, runId, { hash: commit.hash, before, after: lastClaim(commit.events, before) });
  return lastClaim(commit.events.slice(0, index), before);
}

function lastClaim(events: readonly AnyEvent[], before: number | null): number | null {
  const last = events.findLast(({ type }) => type === 'runtime.loop.claimed') as Claimed | undefined;
  return last?.data.epoch ?? before;
}
