/**
 * Edit, then approve: the operator lets another version of the action out than the one that was asked for.
 *
 * I1 the edit changes arguments only; action, effect class and run stay those of the gate
 * I2 it is approved by the digest of exactly the changed arguments, held to their shape, and judged by the policy as if
 *    an agent had asked for it: what the policy refuses is not edited past it
 * I3 what was changed is on record with both digests, labelled, and the agent is told
 */
import { editProblem, type DecideGate, type GateEvent, type JudgedFacts } from '@soloist/contracts';
import { canonicalJson, reject, type Json, type Rejection } from '@soloist/kernel';
import type { Card } from './gate-state.js';
import type { Verdict } from './policy.js';

/** What governance found out about an edit by itself. */
export interface JudgedEdit {
  /** Digest of the action with the changed arguments, computed here. */
  readonly digest: string;
  readonly verdict: Verdict;
  readonly facts: JudgedFacts;
}

type Edit = NonNullable<DecideGate['edit']>;

/** @param judge called only for arguments that may stand */
export function judgeEdit(card: Card, edit: Edit, decision: DecideGate['decision'], judge: (args: Edit['args']) => JudgedEdit): JudgedEdit | Rejection {
  if (decision === 'reject') return reject('gate.edit-of-rejection', 'A rejection carries no edit. Approve the changed action, or reject the one that was asked for.');
  if (card.kind === 'unknown-outcome') return reject('gate.edit-of-repeat', 'Whether the first try went out is unknown; what is sent again is the same or nothing.');
  const problem = editProblem(card.action, card.args, edit.args);
  if (problem !== null) return reject('gate.edit-invalid', `The changed arguments are not those of ${card.action}: ${problem}.`);
  const judged = judge(edit.args);
  if (judged.digest !== edit.digest) return reject('gate.edit-digest-mismatch', 'The digest of the edit is not that of its arguments. Open the gate again and edit what it shows.');
  if (judged.digest === card.digest) return reject('gate.edit-changes-nothing', 'The edit changes nothing. Approve the action as it is.');
  if (judged.verdict.verdict === 'refuse') return reject('gate.edit-forbidden', `The policy refuses the changed action: ${judged.verdict.reasons.join(' ')}`);
  return judged;
}

export function edited(card: Card, commandId: string, { by, surface }: DecideGate, { args }: Edit, { digest, verdict, facts }: JudgedEdit): GateEvent {
  return {
    type: 'governance.gate.edited',
    data: {
      ...{ gateId: card.gateId, commandId, label: 'edited by operator', by, surface, digestBefore: card.digest, digestAfter: digest, args, facts, dataSubject: card.dataSubject },
      fields: changedFields(card.args, args),
      verdict: verdict.verdict === 'gate' ? 'gate' : 'allow',
      reasons: [...verdict.reasons],
    },
  };
}

export function changedFields(before: Card['args'], after: Card['args']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => said(before[name]) !== said(after[name])).sort();
}

function said(value: Json | undefined): string {
  return value === undefined ? '' : canonicalJson(value);
}
