/**
 * The company's policy and how it is judged by.
 *
 * I1 judging is pure and total: the same action, facts and document give the same verdict, and nothing is thrown
 * I2 several policies are joined to the strictest verdict; no policy at all refuses
 * I3 no verdict depends on free text: names, classes, labels, digests and numbers only
 */
import type { JudgedFacts, PolicyDocument, PolicyEvent } from '@soloist/contracts';
import type { EffectClass, Trust } from '@soloist/kernel';

export const POLICY_KEY = 'company';
/** Of a policy that the operator put into force; the catalog's never replaces it. */
export const OPERATOR_ORIGIN = 'operator';

export interface Policies {
  readonly latest: string | null;
  /** Where the latest came from. */
  readonly origin: string | null;
  readonly versions: ReadonlyMap<string, PolicyDocument>;
}

export const noPolicies: Policies = { latest: null, origin: null, versions: new Map() };

export function evolvePolicies(state: Policies, event: PolicyEvent): Policies {
  const { version, document, origin } = event.data;
  return { latest: version, origin, versions: new Map(state.versions).set(version, document) };
}

export function adoptPolicy(state: Policies, version: string, document: PolicyDocument, origin: string): readonly PolicyEvent[] {
  if (state.latest === version) return [];
  if (state.origin === OPERATOR_ORIGIN && origin !== OPERATOR_ORIGIN) return [];
  return [{ type: 'governance.policy.adopted', data: { version, document, origin } }];
}

/** What an agent asks for, without its words. */
export interface RequestedAction {
  readonly action: string;
  readonly effectClass: EffectClass;
  /** Taint of the context that led to the request. */
  readonly trust: Trust;
  readonly digest: string;
  readonly epoch: number;
}

/** What governance knows by itself, not from the request. */
export interface Facts {
  /** Actions of the definition the run is pinned to; null when the run has no money hold. */
  readonly allowedActions: readonly string[] | null;
  /** Digest of action and arguments, computed here. */
  readonly digest: string;
  /** Epoch of the latest claim before the request; null when there is none. */
  readonly epoch: number | null;
  /** What the rules look at; assessed here from the action's arguments and the log. */
  readonly risk: JudgedFacts;
}

export const STRICTNESS = ['allow', 'gate', 'refuse'] as const;
export type Strictness = (typeof STRICTNESS)[number];

export interface Verdict {
  readonly verdict: Strictness;
  /** Stable code of the rule that decided. */
  readonly code: string;
  /** What the operator is asked about, for example `new-recipient`. */
  readonly kind?: string;
  readonly reasons: readonly string[];
}

export interface Policy {
  readonly name: string;
  readonly judge: (action: RequestedAction, facts: Facts, document: PolicyDocument) => Verdict;
}

export function judge(policies: readonly Policy[], action: RequestedAction, facts: Facts, document: PolicyDocument): Verdict {
  const verdicts = policies.map((policy) => policy.judge(action, facts, document));
  const strictest = STRICTNESS.findLast((strictness) => verdicts.some((one) => one.verdict === strictness));
  const decisive = verdicts.find((one) => one.verdict === strictest);
  if (decisive === undefined) return { verdict: 'refuse', code: 'policy.none', reasons: ['No policy is in force.'] };
  const reasons = verdicts.filter((one) => one.verdict === strictest).flatMap((one) => one.reasons);
  return { ...decisive, reasons: [...new Set(reasons)] };
}
