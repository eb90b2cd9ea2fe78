/** An effect has an outcome, or was refused: the run goes on with it. */
import type { AnyEvent, EffectEvent, EffectLine } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import { reactor } from '@soloist/service';
import { observationOf, type OutcomeEvent } from '../domain/outcome.js';
import { advance } from '../loop/advance.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

export const observeEffect = reactor<RuntimePorts, OutcomeEvent, OutcomeEvent['type']>({
  name: 'observe-effect',
  on: ['connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.refused', 'governance.gate.refused'],
  react: async ({ event, commit }, work) => {
    const observation = observationOf(readable(event), tableIn(commit.events));
    if (observation === null) return;
    await advance(work, commit.address.key, { kind: 'observed', effectId: event.data.effectId, observation });
  },
});

/** A receipt whose person was erased is gone; that the effect succeeded is not. */
function readable(event: OutcomeEvent): OutcomeEvent {
  return event.type === 'connectors.effect.succeeded' && isErased(event.data.receipt) ? { ...event, data: { ...event.data, receipt: {} } } : event;
}

/** Every commit of the effect entity carries the run's effect table. */
function tableIn(events: readonly AnyEvent[]): readonly EffectLine[] {
  return (events as readonly EffectEvent[]).flatMap((event) => (event.type === 'connectors.effect.snapshotted' ? event.data.lines : []));
}
