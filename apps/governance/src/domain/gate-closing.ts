/**
 * How a gate ends without an approval, and what its run is told then.
 *
 * I1 a gate whose time is over, or whose run has ended, is closed once
 * I2 of an effect that may have happened nobody says that it did not
 */
import type { GateEvent } from '@soloist/contracts';
import { GATE_EXPIRED, type Card, type GateState } from './gate-state.js';

export const LEFT_UNKNOWN = 'effect.left-unknown';
export const TIME_OVER = 'The gate expired without a decision.';

/** Closes a gate that nobody has decided in time. A decision that comes at the same moment and is written first counts. */
export function expireGate(state: GateState, gateId: string, now: string): readonly GateEvent[] {
  const record = state.gates.get(gateId);
  return record?.standing === 'open' && isDue(record.card, now) ? expired(record.card, TIME_OVER) : [];
}

/** Closes what is still asked about for a run that has ended: an approval could not follow any more. */
export function expireGatesOfEndedRun(state: GateState): readonly GateEvent[] {
  return [...state.gates.values()].flatMap(({ card, standing }) => (standing === 'open' ? expired(card, 'The run ended before the gate was decided.') : []));
}

export function isDue(card: Card, now: string): boolean {
  return Date.parse(now) >= Date.parse(card.expiresAt);
}

export function expired(card: Card, because: string): readonly GateEvent[] {
  return [{ type: 'governance.gate.expired', data: { gateId: card.gateId, because } }, closed(card, GATE_EXPIRED, because)];
}

/** What the run is told. */
export function closed(card: Card, code: string, because: string): GateEvent {
  if (card.kind === 'unknown-outcome') return refused(card.effectId, card.generation, LEFT_UNKNOWN, `${because} Whether the effect happened stays unknown; it is not tried again.`);
  return refused(card.effectId, card.generation, code, because);
}

export function refused(effectId: string, generation: number, code: string, because: string): GateEvent {
  return { type: 'governance.gate.refused', data: { effectId, generation, code, because } };
}
