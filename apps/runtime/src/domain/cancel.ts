/**
 * The end of a run that somebody wants to end.
 *
 * I1 an ask without an answer counts with its ceiling: the model may have been paid for it
 * I2 a run that was admitted and never begun is begun and ended in one commit, so that its money is settled like any other
 * I3 whoever still works on the run finds it ended and writes nothing more
 */
import type { LoopEvent } from '@soloist/contracts';
import { loopEntity, type Claim, type LoopState } from './loop.js';
import { finished } from './plan.js';

export function cancelLoop(state: LoopState, admitted: Claim, because: string): readonly LoopEvent[] {
  if (state.finished !== null) return [];
  const end = (on: LoopState): LoopEvent => finished(on, 'failed', 'run.cancelled', because);
  if (state.claim !== null) return [end(state)];
  const claimed: LoopEvent = { type: 'runtime.loop.claimed', data: { ...admitted, epoch: 1 } };
  return [claimed, end(loopEntity.evolve(state, claimed))];
}
