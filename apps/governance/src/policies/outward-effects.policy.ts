/**
 * Nothing leaves the building unasked (requirement V10).
 *
 * P1 a request whose digest is not that of its action and arguments is refused
 * P2 a request of a worker that was replaced is refused
 * P3 an action that the agent's definition does not list is refused
 * P4 an action that the policy document does not name is refused, unless the document has rules: then they decide about
 *    it (rules.policy.ts); of several lines the strictest holds
 * P5 an outward effect is never allowed without a decision, unless the document says `outward: by-rules`
 * P6 less trust never gives a milder verdict
 */
import type { PolicyDocument } from '@soloist/contracts';
import { CONFIRM_OUTWARD, CONFIRM_REASON } from './rules.policy.js';
import { STRICTNESS, type Facts, type Policy, type RequestedAction, type Verdict } from '../domain/policy.js';

export const outwardEffects: Policy = { name: 'outward-effects', judge: judgeOutwardEffect };

function judgeOutwardEffect(action: RequestedAction, facts: Facts, document: PolicyDocument): Verdict {
  const unfit = unfitness(action, facts);
  if (unfit !== null) return unfit;
  const lines = document.actions.filter((line) => line.action === action.action);
  const strictest = STRICTNESS.findLast((strictness) => lines.some((line) => line.verdict === strictness));
  const line = lines.find((one) => one.verdict === strictest);
  if (line === undefined) {
    if (document.rules !== undefined) return leftToRules(action, document);
    return refuse('policy.unknown-action', `The policy ${document.name} does not name ${action.action}; what no line names is refused.`);
  }
  if (line.verdict === 'refuse') return refuse('policy.refused', line.because);
  const isOutward = action.effectClass !== 'read-only' && document.outward !== 'by-rules';
  if (line.verdict === 'allow' && !isOutward) return { verdict: 'allow', code: 'policy.allowed', reasons: [line.because] };
  const always = line.verdict === 'allow' ? ['An effect outside always needs a decision.'] : [];
  return { verdict: 'gate', code: 'policy.gate', kind: CONFIRM_OUTWARD, reasons: [line.because, ...always, ...taintOf(action)] };
}

function leftToRules(action: RequestedAction, document: PolicyDocument): Verdict {
  const isAsked = action.effectClass !== 'read-only' && document.outward !== 'by-rules';
  if (!isAsked) return { verdict: 'allow', code: 'policy.allowed', reasons: [] };
  return { verdict: 'gate', code: 'policy.gate', kind: CONFIRM_OUTWARD, reasons: [CONFIRM_REASON, ...taintOf(action)] };
}

function unfitness(action: RequestedAction, facts: Facts): Verdict | null {
  if (facts.digest !== action.digest) return refuse('effect.digest-mismatch', 'The digest of the request is not that of its action and arguments.');
  if (facts.epoch !== action.epoch) {
    return refuse('effect.stale-epoch', `The request names epoch ${action.epoch}, the run is at ${facts.epoch ?? 'none'}: its worker was replaced.`);
  }
  if (facts.allowedActions === null) return refuse('hold.missing', 'The run holds no budget, so nothing may follow from it.');
  if (!facts.allowedActions.includes(action.action)) {
    return refuse('agent.action-not-listed', `The agent's definition does not list ${action.action}. Add it there if the agent should ask for it.`);
  }
  return null;
}

function taintOf(action: RequestedAction): readonly string[] {
  const isTainted = action.trust === 'third-party-text' || action.trust === 'unknown';
  return isTainted ? ['Text from outside took part in this request; read it as if its author had written it.'] : [];
}

function refuse(code: string, reason: string): Verdict {
  return { verdict: 'refuse', code, reasons: [reason] };
}
