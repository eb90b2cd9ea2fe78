/** Model answers and prices from the record: nothing is asked, nothing is bought. */
import type { PriceBook } from '@soloist/catalog';
import type { LoopEvent, PromptMessage } from '@soloist/contracts';
import { canonicalJson, Fault, type FaultKind } from '@soloist/kernel';
import { ajvArgsCheck, RuntimeConfig, type ModelPort, type RuntimePorts } from '@soloist/runtime';
import { eventsOf, type RecordedEpisode } from './recorded-episode.js';

type Asked = Extract<LoopEvent, { type: 'runtime.loop.model-asked' }>['data'];
type Answered = Extract<LoopEvent, { type: 'runtime.loop.model-answered' }>['data'];
type Failed = Extract<LoopEvent, { type: 'runtime.loop.model-failed' }>['data'];

export function recordedRuntime(episode: RecordedEpisode, environment: Readonly<Record<string, string | undefined>>): RuntimePorts {
  const events = eventsOf<LoopEvent>(episode.commits);
  const asks = events.flatMap((event) => (event.type === 'runtime.loop.model-asked' ? [event.data] : []));
  return {
    model: recordedModel(asks, events),
    // The alias stood for this model then; what it stands for today does not matter.
    modelOfAlias: () => asks.at(0)?.model ?? null,
    windowTokens: RuntimeConfig.parse(environment).windowTokens,
    prices: recordedPrices(asks, events),
    checkArgs: ajvArgsCheck(),
    pause: () => Promise.resolve(),
  };
}

/** The runtime numbers the calls of an answer before it records them; given back, they are as the model made them. */
const NUMBERED = /^call-\d+-/;

function recordedModel(asks: readonly Asked[], events: readonly LoopEvent[]): ModelPort {
  const spent = new Set<string>();
  return {
    complete: (request) => {
      const ask = asks.find((one) => !spent.has(one.askId) && isSamePrompt(one, request.messages) && isSettled(one.askId, events));
      if (ask === undefined) throw new Fault('transient', 'replay.answer-not-on-record', 'no answer to this prompt is on record');
      spent.add(ask.askId);
      const failed = failureOf(ask.askId, events);
      if (failed !== undefined) throw new Fault(failed.faultKind as FaultKind, failed.code, failed.because);
      const answer = answerOf(ask.askId, events) as Answered;
      const { model, rehearsal, text, finishReason, inputTokens, outputTokens } = answer;
      const toolCalls = answer.toolCalls.map((call) => ({ ...call, callId: call.callId.replace(NUMBERED, '') }));
      return Promise.resolve({ model, rehearsal, text, toolCalls, finishReason, usage: { inputTokens, cachedInputTokens: 0, outputTokens } });
    },
  };
}

/** A prompt in a blob is compared by the log, which holds the blob's bytes against the record. */
function isSamePrompt(ask: Asked, messages: readonly PromptMessage[]): boolean {
  return ask.messages === null || canonicalJson(ask.messages) === canonicalJson(messages);
}

function isSettled(askId: string, events: readonly LoopEvent[]): boolean {
  return answerOf(askId, events) !== undefined || failureOf(askId, events) !== undefined;
}

function answerOf(askId: string, events: readonly LoopEvent[]): Answered | undefined {
  return events.flatMap((event) => (event.type === 'runtime.loop.model-answered' && event.data.askId === askId ? [event.data] : [])).at(0);
}

function failureOf(askId: string, events: readonly LoopEvent[]): Failed | undefined {
  return events.flatMap((event) => (event.type === 'runtime.loop.model-failed' && event.data.askId === askId ? [event.data] : [])).at(0);
}

/** Each price event names its source and version, so the record is the price list. */
function recordedPrices(asks: readonly Asked[], events: readonly LoopEvent[]): PriceBook {
  return {
    ceilingOf: (model, bounds) => {
      const ask = asks.find((one) => one.model === model && one.maxOutputTokens === bounds.maxOutputTokens);
      return ask === undefined ? null : { micros: ask.ceilingMicros, price: ask.price };
    },
    costOf: (model, usage) => {
      const ask = asks.find((one) => one.model === model && matches(answerOf(one.askId, events), usage));
      const answer = ask === undefined ? undefined : answerOf(ask.askId, events);
      return ask === undefined || answer === undefined ? null : { micros: answer.costMicros, price: ask.price };
    },
  };
}

function matches(answer: Answered | undefined, usage: { readonly inputTokens: number; readonly outputTokens: number }): boolean {
  return answer?.inputTokens === usage.inputTokens && answer.outputTokens === usage.outputTokens;
}
