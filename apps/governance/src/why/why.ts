/**
 * Why something was done: the chain from what came in to the act, as the log has it. Pure, so it can be asked again
 * years later and says the same.
 *
 * I1 every link stands there, in its order: recorded, not there yet, or missing; none is glossed over
 * I2 whoever asks about one effect hears about that one, and all that led to it
 */
import type { LoopEvent, RecallEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { beginningOf } from './beginning.js';
import { costOf } from './cost.js';
import { effectLines, type Source } from './effect-lines.js';
import { thoughtLines } from './thought-lines.js';
import type { Trail } from './trail.js';
import { only, seenIn, type WhyLine } from './why-line.js';

/** @param effectId the one effect that is asked about; null: the whole run */
export function whyOf(trail: Trail, effectId: string | null): readonly WhyLine[] {
  const seen = seenIn(trail.episode);
  // What came in and was given to nobody: there is no run to speak of.
  if (seen.length === 0) return beginningOf(trail);
  const effects = effectId === null ? effectsOf(trail.episode) : [effectId];
  const request = only<LoopEvent, 'runtime.loop.effect-requested'>(seen, 'runtime.loop.effect-requested').find(({ event }) => event.data.effectId === effectId);
  const until = request?.commit.position.sequence ?? Infinity;
  return [
    ...beginningOf(trail),
    ...thoughtLines(seen, until),
    ...effects.flatMap((id) => effectLines(seen, id, sourcesOf(trail))),
    ...costOf(seen, until, effectId !== null),
  ];
}

/** Every effect that any event of the run speaks of, so that one without a request is seen as well. */
export function effectsOf(episode: readonly Commit[]): readonly string[] {
  const named = episode.flatMap(({ events }) => events).map((event) => (event.data as { readonly effectId?: unknown }).effectId);
  return [...new Set(named.filter((id) => typeof id === 'string'))];
}

/** Facts by their numbers, then what came in. */
function sourcesOf({ intake, episode }: Trail): readonly Source[] {
  const facts = only<RecallEvent, 'memory.recall.answered'>(seenIn(episode), 'memory.recall.answered').flatMap(({ event }) => (Array.isArray(event.data.facts) ? event.data.facts : [])).map(({ text }, index) => ({ name: `[${index + 1}]`, text }));
  const mail = intake.flatMap(({ events }) => events).map((event) => event.data as { readonly subject?: unknown; readonly text?: unknown });
  return [...facts, ...mail.map(({ subject, text }) => ({ name: 'what came in', text: [subject, text].filter((part) => typeof part === 'string').join('\n') }))];
}
