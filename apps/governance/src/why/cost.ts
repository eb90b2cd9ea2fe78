/** What it cost, by the provider's figures on record. */
import type { HoldEvent, LoopEvent } from '@soloist/contracts';
import { formatMoney } from '@soloist/kernel';
import { missing, only, open, recorded, type Seen, type WhyLine } from './why-line.js';

/** @param isPart whether the answer is about a part of the run, up to `until` */
export function costOf(episode: readonly Seen[], until: number, isPart: boolean): readonly WhyLine[] {
  const answers = only<LoopEvent, 'runtime.loop.model-answered'>(episode, 'runtime.loop.model-answered');
  const [granted] = only<HoldEvent, 'governance.hold.granted'>(episode, 'governance.hold.granted');
  const currency = granted?.event.data.currency ?? null;
  const show = (micros: number): string => (currency === null ? `${micros} micro-units` : formatMoney({ micros, currency }));
  const led = answers.filter(({ commit }) => commit.position.sequence <= until);
  const last = led.at(-1);
  const part = !isPart || last === undefined ? [] : [recorded('cost', last, `What led to it cost ${show(sumOf(led))} in ${led.length} model ${led.length === 1 ? 'call' : 'calls'}.`)];
  return [...part, wholeOf(episode, sumOf(answers), show)];
}

function wholeOf(episode: readonly Seen[], answered: number, show: (micros: number) => string): WhyLine {
  const [released] = only<HoldEvent, 'governance.hold.released'>(episode, 'governance.hold.released');
  const [finished] = only<LoopEvent, 'runtime.loop.finished'>(episode, 'runtime.loop.finished');
  if (released !== undefined) return recorded('cost', released, `The whole run was charged ${show(released.event.data.spentMicros)}; ${show(released.event.data.releasedMicros)} of its envelope was free again.`, { 'answers on record': show(answered) });
  if (finished !== undefined) return recorded('cost', finished, `The whole run cost ${show(finished.event.data.spentMicros)}; the ledger has not settled it yet.`, { 'answers on record': show(answered) });
  const isClosed = episode.some(({ event }) => event.type === 'orchestrator.run.closed');
  const [refused] = only<HoldEvent, 'governance.hold.refused'>(episode, 'governance.hold.refused');
  if (refused !== undefined && answered === 0) return recorded('cost', refused, 'It was not admitted, and nothing was spent.');
  return isClosed ? missing('cost', 'The run is closed, but neither its end nor its settlement is on record.') : open('cost', `The run goes on; ${show(answered)} so far.`);
}

function sumOf(answers: readonly Seen<Extract<LoopEvent, { type: 'runtime.loop.model-answered' }>>[]): number {
  return answers.reduce((sum, { event }) => sum + event.data.costMicros, 0);
}
