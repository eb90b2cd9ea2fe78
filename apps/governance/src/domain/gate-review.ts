/**
 * A look afterwards at what went without a decision.
 *
 * I1 what is put up is a fixed share, drawn by the effect alone: nobody can see to it that his effect is not drawn
 * I2 the first word about an effect counts, and nothing follows from it by itself
 */
import type { GateEvent, PolicyDocument, ReviewEffect } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';
import type { GateState } from './gate-state.js';

interface Allowed {
  readonly effectId: string;
  readonly action: string;
  readonly digest: string;
}

export function askForReview({ effectId, action, digest }: Allowed, { reviewShare: share = 0 }: Pick<PolicyDocument, 'reviewShare'>, draw: number): readonly GateEvent[] {
  return draw < share ? [{ type: 'governance.gate.review-asked', data: { effectId, generation: 1, action, digest, share } }] : [];
}

/** The operator's word afterwards. */
export function reviewEffect(state: GateState, commandId: string, { effectId, verdict, note, by }: ReviewEffect): readonly GateEvent[] | Rejection {
  const review = state.reviews.get(effectId);
  if (review === undefined) return reject('review.unknown', `Effect ${effectId} was not put up for review.`);
  return review === null ? [{ type: 'governance.gate.reviewed', data: { effectId, commandId, verdict, note, by } }] : [];
}
