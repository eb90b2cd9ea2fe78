/**
 * What the run is told about an effect it asked for.
 *
 * I1 nobody says "not done" of something that may have been done: then it is `unknown`
 * I2 while a later try is under way the effect has no outcome yet: a late answer to an earlier one does not let the run go on
 */
import type { EffectEvent, EffectLine, GateEvent } from '@soloist/contracts';
import type { Observation } from './loop.js';

export type OutcomeEvent =
  | Extract<EffectEvent, { type: 'connectors.effect.succeeded' | 'connectors.effect.failed' | 'connectors.effect.refused' }>
  | Extract<GateEvent, { type: 'governance.gate.refused' }>;

/** The operator's word on an effect of which nobody knows whether it happened. */
const LEFT_UNKNOWN = 'effect.left-unknown';

/**
 * @param table the run's effect table as it stands beside the event; empty for events of governance
 * @returns null when the event says nothing about the effect's fate
 */
export function observationOf(event: OutcomeEvent, table: readonly EffectLine[]): Observation | null {
  switch (event.type) {
    case 'connectors.effect.succeeded':
      if (table.some((line) => line.effectId === event.data.effectId && line.generation > event.data.generation && line.state === 'attempted')) return null;
      return { outcome: 'succeeded', detail: { receipt: event.data.receipt, knownBy: event.data.knownBy } };
    case 'connectors.effect.failed':
      return failedForCertain(event.data, table);
    case 'governance.gate.refused':
      return { outcome: event.data.code === LEFT_UNKNOWN ? 'unknown' : 'refused', detail: { code: event.data.code, because: event.data.because } };
    case 'connectors.effect.refused':
      return refusedByConnectors(event.data, table);
  }
}

/** This try was not made, for certain; an earlier one of which nobody knows may have been. */
function failedForCertain({ effectId, generation, code, because }: Extract<OutcomeEvent, { type: 'connectors.effect.failed' }>['data'], table: readonly EffectLine[]): Observation {
  if (table.some((line) => line.effectId === effectId && line.state === 'succeeded')) {
    return { outcome: 'succeeded', detail: { code: 'effect.done-by-earlier-try', because: 'The last try failed, but an earlier one turned out to have succeeded.' } };
  }
  const isOpen = table.some((line) => line.effectId === effectId && line.generation < generation && line.state !== 'failed');
  return { outcome: isOpen ? 'unknown' : 'failed', detail: { code, because } };
}

/** An authorization that was not acted on; a try under it, or under an earlier one, may exist all the same. */
function refusedByConnectors(data: Extract<OutcomeEvent, { type: 'connectors.effect.refused' }>['data'], table: readonly EffectLine[]): Observation | null {
  const lines = table.filter((line) => line.effectId === data.effectId);
  if (lines.some((line) => line.generation >= data.generation)) return null;
  const detail = { code: data.code, because: data.because };
  return { outcome: lines.some((line) => line.state !== 'failed') ? 'unknown' : 'refused', detail };
}
