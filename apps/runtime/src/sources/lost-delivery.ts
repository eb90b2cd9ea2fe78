/**
 * Which delivery a run waits for that should have come long ago: a pure reading of everything that is on the log of it.
 *
 * I1 only what is on the log already is asked for again; a run that waits for a person, for memory or for the world is
 *    none of this
 * I2 to hand a commit to its reactors again changes nothing where they have done their work
 */
import type { AnyEvent, LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { fold } from '@soloist/service';
import { openAsk } from '../domain/loop.js';
import { loopEntity } from '../entities.js';

const OUTCOMES: readonly string[] = ['connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.refused', 'governance.gate.refused'];

/** @param episode all commits of the run, in log order @returns the commit to react to once more, null when there is none */
export function lostDelivery(episode: readonly Commit[]): Commit | null {
  const loop = episode.filter(({ address }) => address.context === 'runtime' && address.entity === 'loop');
  const has = (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true): Commit | null =>
    episode.findLast(({ events }) => (events as readonly AnyEvent[]).some((event) => event.type === type && where(event.data as Readonly<Record<string, unknown>>))) ?? null;
  if (has('orchestrator.run.closed') !== null || has('runtime.loop.program-begun') !== null) return null;
  const state = fold(loopEntity, loop.flatMap(({ events }) => events));
  if (state.finished !== null) return null;
  const cancelled = has('orchestrator.run.cancelled');
  if (cancelled !== null) return cancelled;
  if (state.claim === null) return has('orchestrator.run.admitted');
  if (openAsk(state) !== null) return causeOf(loop, episode);
  if (state.waiting?.waitingFor === 'recall') return has('memory.recall.answered', ({ recallId }) => recallId === state.waiting?.id);
  if (state.waiting?.waitingFor === 'effect') return OUTCOMES.map((type) => has(type, ({ effectId }) => effectId === state.waiting?.id)).find((commit) => commit !== null) ?? null;
  return null;
}

/** Only the delivery that led to an open ask may take it over. */
function causeOf(loop: readonly Commit[], episode: readonly Commit[]): Commit | null {
  const asking = loop.findLast(({ events }) => (events as readonly LoopEvent[]).some(({ type }) => type === 'runtime.loop.model-asked'));
  return episode.find(({ id }) => id === asking?.cause) ?? null;
}
