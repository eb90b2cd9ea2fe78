/**
 * The rules of the policy document, judged over the facts of an action.
 *
 * I1 a refusal beats a gate, a gate beats an allowance; the order of the rules changes nothing but the order of reasons
 * I2 what no rule allows is refused, also where a rule would gate it: a gate asks about what may be, it allows nothing
 * I3 every condition of a rule that allows is a lower bound on trust or an upper bound on risk, of the others the
 *    reverse; so less trust and more risk never give a milder verdict
 * I4 an outward effect that the rules allow is still asked about unless the document says `outward: by-rules` [V10]
 */
import { ASKED_LEVELS, type JudgedFacts, type PolicyDocument, type PolicyRule, type RiskyWhen, type SafeWhen } from '@soloist/contracts';
import { TRUST_LEVELS, type Trust } from '@soloist/kernel';
import type { Policy, Verdict } from '../domain/policy.js';

export const CONFIRM_OUTWARD = 'confirm-outward';
export const CONFIRM_REASON = 'An effect outside needs a decision, as long as the policy does not leave it to its rules.';

/** A document of the time before rules has none: its lines alone decide. */
export const documentRules: Policy = {
  name: 'document-rules',
  judge: (action, { risk }, document) => (document.rules === undefined ? { verdict: 'allow', code: 'policy.allowed', reasons: [] } : judgeByRules(action.action, risk, document)),
};

/** @param action its name; everything else the rules look at is in `facts` */
export function judgeByRules(action: string, facts: JudgedFacts, document: PolicyDocument): Verdict {
  const rules = document.rules ?? [];
  const fitting = rules.filter((rule) => fits(rule, action, facts));
  const that = (then: PolicyRule['then']): readonly PolicyRule[] => fitting.filter((rule) => rule.then === then).sort(byName);
  const [refusing, gating, allowing] = [that('refuse'), that('gate'), that('allow')];
  if (refusing.length > 0) return strict('refuse', refusing, facts);
  if (allowing.length === 0) {
    return { verdict: 'refuse', code: 'policy.unknown-action', kind: 'unknown-action', reasons: [`No rule of the policy ${document.name} allows ${action}; what no rule allows is refused.`] };
  }
  if (gating.length > 0) return strict('gate', gating, facts);
  if (facts.effect === 'external' && document.outward !== 'by-rules') {
    return { verdict: 'gate', code: 'policy.gate', kind: CONFIRM_OUTWARD, reasons: [CONFIRM_REASON] };
  }
  return { verdict: 'allow', code: 'policy.allowed', kind: allowing[0]?.name ?? 'allowed', reasons: allowing.map((rule) => rule.because) };
}

function strict(verdict: 'gate' | 'refuse', rules: readonly PolicyRule[], facts: JudgedFacts): Verdict {
  const first = rules[0];
  const reasons = rules.map((rule) => {
    const paths = rule.then === 'allow' ? [] : sinksBelow(rule.when, facts).map((sink) => `${sink.path} (${sink.role}, ${sink.trust})`);
    return paths.length === 0 ? `${rule.name}: ${rule.because}` : `${rule.name}: ${rule.because} [${paths.slice(0, 8).join('; ')}]`;
  });
  return { verdict, code: verdict === 'gate' ? 'policy.gate' : 'policy.refused', kind: first === undefined || first.then === 'allow' ? 'rule' : first.kind, reasons };
}

function fits(rule: PolicyRule, action: string, facts: JudgedFacts): boolean {
  const { actions, effects } = rule.when;
  if (actions !== undefined && !actions.some((name) => (name.endsWith('*') ? action.startsWith(name.slice(0, -1)) : name === action))) return false;
  if (effects !== undefined && !effects.includes(facts.effect)) return false;
  return rule.then === 'allow' ? isSafe(rule.when, facts) : isRisky(rule.when, facts);
}

function isRisky(when: RiskyWhen, facts: JudgedFacts): boolean {
  if (when.sinks !== undefined && sinksBelow(when, facts).length === 0) return false;
  if (when.contextBelow !== undefined && !isBelow(facts.context, when.contextBelow)) return false;
  if (when.askedBelow !== undefined && ASKED_LEVELS.indexOf(facts.asked) <= ASKED_LEVELS.indexOf(when.askedBelow)) return false;
  if (when.amountAboveMicros !== undefined && (facts.amountMicros ?? 0) <= when.amountAboveMicros) return false;
  if (when.reachAbove !== undefined && facts.reach <= when.reachAbove) return false;
  if (when.repeatsAbove !== undefined && facts.repeats <= when.repeatsAbove) return false;
  if (when.newRecipient === true && !facts.hasNewRecipient) return false;
  if (when.irreversible === true && facts.isReversible) return false;
  if (when.dataClasses !== undefined && !when.dataClasses.some((name) => name === facts.dataClass)) return false;
  // A confidence that nobody measured is no confidence.
  if (when.confidenceBelow !== undefined && (facts.confidence ?? 0) >= when.confidenceBelow) return false;
  if (when.quietHours === true && !facts.isQuietHours) return false;
  return when.forbidden !== true || facts.isForbidden;
}

function isSafe(when: SafeWhen, facts: JudgedFacts): boolean {
  const { sinks } = when;
  if (sinks !== undefined && facts.sinks.some((sink) => sinks.of.includes(sink.role) && isBelow(sink.trust, sinks.atLeast))) return false;
  if (when.contextAtLeast !== undefined && isBelow(facts.context, when.contextAtLeast)) return false;
  if (when.askedAtLeast !== undefined && ASKED_LEVELS.indexOf(facts.asked) > ASKED_LEVELS.indexOf(when.askedAtLeast)) return false;
  if (when.amountAtMostMicros !== undefined && (facts.amountMicros ?? 0) > when.amountAtMostMicros) return false;
  if (when.reachAtMost !== undefined && facts.reach > when.reachAtMost) return false;
  if (when.knownRecipients === true && facts.hasNewRecipient) return false;
  if (when.reversible === true && !facts.isReversible) return false;
  return when.confidenceAtLeast === undefined || (facts.confidence ?? 0) >= when.confidenceAtLeast;
}

function sinksBelow({ sinks }: RiskyWhen, facts: JudgedFacts): JudgedFacts['sinks'] {
  return sinks === undefined ? [] : facts.sinks.filter((sink) => sinks.of.includes(sink.role) && isBelow(sink.trust, sinks.below));
}

function isBelow(trust: Trust, bound: Trust): boolean {
  return TRUST_LEVELS.indexOf(trust) > TRUST_LEVELS.indexOf(bound);
}

function byName(left: PolicyRule, right: PolicyRule): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : left.because < right.because ? -1 : 1;
}
