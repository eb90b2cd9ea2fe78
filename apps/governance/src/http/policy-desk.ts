/**
 * Shows, tries and changes the company's policy.
 *
 * I1 a change is a command like any other wish of the operator; what is in force is what the log says
 * I2 a trial judges again, from the recorded facts, what was judged before; it writes nothing
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { versionHashOf } from '@soloist/catalog';
import type { AdoptPolicy, GateEvent, JudgedFacts, PolicyDocument, PolicyEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { evolvePolicies, judge, noPolicies, POLICY_KEY, type Policies } from '../domain/policy.js';
import { POLICIES } from '../policies/policies.js';
import type { GovernanceView } from '../ports/governance-view.port.js';
import { ApiError } from './api-error.js';
import type { PolicyInForce, PolicyTrial, PolicyTrialReport, PolicyWish } from './policy-schemas.js';

const WAIT_MS = 10_000;
const PAUSE_MS = 20;
type Judged = Extract<GateEvent, { type: 'governance.gate.judged' }>['data'];

export async function policyInForce(log: EventLog): Promise<PolicyInForce> {
  const { latest, origin, versions } = await policiesOf(log);
  const document = latest === null ? undefined : versions.get(latest);
  if (latest === null || document === undefined) throw new ApiError(409, 'policy.not-adopted', 'The company has no policy yet; governance adopts one when it starts.', 'Try again in a moment.');
  return { version: latest, origin: origin ?? 'unknown', document };
}

/** Null when it is not in force yet. @throws ApiError 409 */
export async function putIntoForce(log: EventLog, { document, replaces }: PolicyWish, by: string): Promise<PolicyInForce | null> {
  const version = versionHashOf(document);
  const before = await policyInForce(log);
  if (before.version === version) return before;
  if (before.version !== replaces) throw new ApiError(409, 'policy.replaced', `Version ${before.version} is in force by now, not ${replaces}.`, 'Compare again, then apply.');
  const body: AdoptPolicy = { type: 'governance.policy.adopt', version, document, replaces, by };
  await log.command({ context: 'governance', entity: 'policy', key: POLICY_KEY }, { id: randomUUID(), actor: by, body });
  for (const deadline = performance.now() + WAIT_MS; performance.now() < deadline; await delay(PAUSE_MS)) {
    const now = await policyInForce(log);
    if (now.version === version) return now;
    if (now.version !== replaces) throw new ApiError(409, 'policy.replaced', `Version ${now.version} was put into force meanwhile.`, 'Compare again, then apply.');
  }
  return null;
}

export async function tryPolicy(log: EventLog, view: GovernanceView, { document, runs: limit }: PolicyTrial): Promise<PolicyTrialReport> {
  await view.refresh();
  const runs = await view.runs({ limit });
  const report = { version: versionHashOf(document), runs: runs.length, judged: 0, untried: 0, changed: [] as PolicyTrialReport['changed'] };
  for (const { runId } of runs) {
    for (const judged of await judgedOf(log, runId)) {
      report.judged += 1;
      if (judged.facts === undefined) report.untried += 1;
      else {
        const { verdict: after, reasons } = judgedAgain(judged, judged.facts, document);
        if (after !== judged.verdict) report.changed.push({ runId, effectId: judged.effectId, action: judged.action, before: judged.verdict, after, reasons: [...reasons] });
      }
    }
  }
  return report;
}

/** A refusal that no policy decides about (another digest, a replaced worker) would be the same under any. */
function judgedAgain(judged: Judged, risk: JudgedFacts, document: PolicyDocument): Pick<Judged, 'verdict' | 'reasons'> {
  const isFit = judged.code === undefined || judged.code.startsWith('policy.');
  if (!isFit) return judged;
  const { action, effectClass, trust, digest } = judged;
  const verdict = judge(POLICIES, { action, effectClass, trust, digest, epoch: 1 }, { allowedActions: [action], digest, epoch: 1, risk }, document);
  return { verdict: verdict.verdict, reasons: [...verdict.reasons] };
}

async function judgedOf(log: EventLog, runId: string): Promise<readonly Judged[]> {
  const commits = await log.read({ context: 'governance', entity: 'gate', key: runId });
  return (commits.flatMap((commit) => commit.events) as readonly GateEvent[]).flatMap((event) => (event.type === 'governance.gate.judged' ? [event.data] : []));
}

async function policiesOf(log: EventLog): Promise<Policies> {
  const commits = await log.read({ context: 'governance', entity: 'policy', key: POLICY_KEY });
  return (commits.flatMap((commit) => commit.events) as readonly PolicyEvent[]).reduce(evolvePolicies, noPolicies);
}
