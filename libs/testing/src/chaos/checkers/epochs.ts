/** G10 epochs of a run count up by one, and nothing is written for it under an epoch but the latest. */
import type { EffectEvent, LoopEvent } from '@soloist/contracts';
import { eventsOf, type Checker, type Violation } from '../history.js';

export const epochsOnlyRise: Checker = ({ commits }) => {
  const epochs = new Map<string, number>();
  const violations: Violation[] = [];
  const complain = (because: string): void => void violations.push({ kind: 'broken', guarantee: 'G10', because });
  // A run and its effects have one key, so they lie in one stream, and its order is their order.
  for (const commit of commits) {
    const { entity, key } = commit.address;
    if (entity !== 'loop' && entity !== 'effect') continue;
    for (const event of eventsOf<LoopEvent | EffectEvent>(commit)) {
      const epoch = epochs.get(key) ?? 0;
      if (event.type === 'runtime.loop.claimed') {
        if (event.data.epoch !== epoch + 1) complain(`run ${key} goes from epoch ${epoch} to ${event.data.epoch}`);
        epochs.set(key, event.data.epoch);
      } else if (event.type === 'runtime.loop.model-asked' || event.type === 'runtime.loop.effect-requested') {
        if (event.data.epoch !== epoch) complain(`run ${key} has ${event.type} of epoch ${event.data.epoch}, the claim stands at ${epoch}`);
      } else if (event.type === 'connectors.effect.attempted' && event.data.epoch > epoch) {
        complain(`run ${key} has an attempt of epoch ${event.data.epoch}, the claim stands at ${epoch}`);
      }
    }
  }
  return violations;
};
