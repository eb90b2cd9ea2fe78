/**
 * Model answers and prices from the record: nothing is asked, nothing is bought.
 *
 * I1 a call is answered by what its own claim was answered, never by what a later claim of the same prompt was
 * I2 a claim without an answer ends the life there, as it ended the worker's; unless the same worker asked again, which
 *    it does after a passing fault only
 */
import type { PriceBook } from '@soloist/catalog';
import type { LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { Fault, type FaultKind } from '@soloist/kernel';
import { ajvArgsCheck, RuntimeConfig, type ModelAnswer, type RuntimePorts } from '@soloist/runtime';
import { RecordEnds, type ReplayMoment } from '@soloist/service';
import { eventsOf, type RecordedEpisode } from './recorded-episode.js';

type Asked = Extract<LoopEvent, { type: 'runtime.loop.model-asked' }>['data'];
type Answered = Extract<LoopEvent, { type: 'runtime.loop.model-answered' }>['data'];
type Failed = Extract<LoopEvent, { type: 'runtime.loop.model-failed' }>['data'];

/** The runtime numbers the calls of an answer before it records them; given back, they are as the model made them. */
const NUMBERED = /^call-\d+-/;

export function recordedRuntime(episode: RecordedEpisode, environment: Readonly<Record<string, string | undefined>>): (moment: ReplayMoment) => RuntimePorts {
  const events = eventsOf<LoopEvent>(episode.commits);
  const { windowTokens } = RuntimeConfig.parse(environment);
  const checkArgs = ajvArgsCheck();
  const prices = recordedPrices(episode.commits, events);
  // The alias stood for this model then; what it stands for today does not matter.
  const model = asksIn(events).at(0)?.model ?? null;
  return (moment) => ({
    model: { complete: () => Promise.resolve(answerTo(askOf(moment.lastMade()), events, moment)) },
    modelOfAlias: () => model,
    windowTokens,
    prices,
    checkArgs,
    pause: () => Promise.resolve(),
  });
}

function asksIn(events: readonly LoopEvent[]): readonly Asked[] {
  return events.flatMap((event) => (event.type === 'runtime.loop.model-asked' ? [event.data] : []));
}

/** The claim that was just made again; its prompt was held against the record with it. */
function askOf(claim: Commit | null): Asked {
  const ask = asksIn((claim?.events ?? []) as readonly LoopEvent[]).at(-1);
  if (ask === undefined) throw new Error('a model was called without a claim');
  return ask;
}

function answerTo({ askId }: Asked, events: readonly LoopEvent[], moment: ReplayMoment): ModelAnswer {
  const failed = events.flatMap((event) => (event.type === 'runtime.loop.model-failed' && event.data.askId === askId ? [event.data] : [])).at(0) as Failed | undefined;
  if (failed !== undefined) throw new Fault(failed.faultKind as FaultKind, failed.code, failed.because);
  const answered = answerOf(askId, events);
  if (answered === undefined && isAskedAgain(moment)) throw new Fault('transient', 'replay.model-faulted', `ask ${askId} ended in a passing fault`);
  if (answered === undefined) throw new RecordEnds(`ask ${askId} was never answered`);
  const { model, rehearsal, text, finishReason, inputTokens, outputTokens } = answered;
  const toolCalls = answered.toolCalls.map((call) => ({ ...call, callId: call.callId.replace(NUMBERED, '') }));
  return { model, rehearsal, text, toolCalls, finishReason, usage: { inputTokens, cachedInputTokens: 0, outputTokens } };
}

/** Or wanted to, and could not pay for it. Another worker's ask comes with its claim of the run. */
function isAskedAgain(moment: ReplayMoment): boolean {
  const next = moment.ahead().find(({ address }) => address.entity === 'loop')?.events[0]?.type;
  return next === 'runtime.loop.model-asked' || next === 'runtime.loop.finished';
}

function answerOf(askId: string, events: readonly LoopEvent[]): Answered | undefined {
  return events.flatMap((event) => (event.type === 'runtime.loop.model-answered' && event.data.askId === askId ? [event.data] : [])).at(0);
}

/** Prices are looked up as of the commit that asks, and each ask names what it found: the record is the price list. */
function recordedPrices(commits: readonly Commit[], events: readonly LoopEvent[]): PriceBook {
  const askAt = (at: string): Asked | undefined => commits.filter((commit) => commit.at === at).flatMap((commit) => asksIn(commit.events as readonly LoopEvent[])).at(0);
  return {
    ceilingOf: (_model, _bounds, at) => {
      const ask = askAt(at);
      return ask === undefined ? null : { micros: ask.ceilingMicros, price: ask.price };
    },
    costOf: (_model, _usage, at) => {
      const ask = askAt(at);
      const answer = ask === undefined ? undefined : answerOf(ask.askId, events);
      return ask === undefined || answer === undefined ? null : { micros: answer.costMicros, price: ask.price };
    },
  };
}
