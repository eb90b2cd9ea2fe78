/** What the agent recalled and what the model was asked, step by step, with what each ask could draw from. */
import type { LoopEvent, RecallEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import { missing, only, open, recorded, wordOf, type Seen, type WhyLine } from './why-line.js';

type Recalled = Extract<RecallEvent, { type: 'memory.recall.answered' }>;
type Answered = Extract<LoopEvent, { type: 'runtime.loop.model-answered' }>;
type Asked = Extract<LoopEvent, { type: 'runtime.loop.model-asked' }>;

/** @param until the log sequence of the commit that the thinking led to */
export function thoughtLines(episode: readonly Seen[], until: number): readonly WhyLine[] {
  const before = episode.filter(({ commit }) => commit.position.sequence <= until);
  return before.flatMap((seen) => {
    switch (seen.event.type) {
      case 'runtime.loop.recall-requested':
        return recallLines(before, seen as Seen<Extract<LoopEvent, { type: 'runtime.loop.recall-requested' }>>);
      case 'memory.recall.answered':
        return unasked(before, seen as Seen<Recalled>);
      case 'runtime.loop.model-asked':
        return askLines(before, seen as Seen<Asked>);
      case 'runtime.loop.model-answered':
        return withoutAsk(before, seen as Seen<Answered>);
      default:
        return [];
    }
  });
}

function recallLines(before: readonly Seen[], request: Seen<Extract<LoopEvent, { type: 'runtime.loop.recall-requested' }>>): readonly WhyLine[] {
  const { recallId } = request.event.data;
  const answer = only<RecallEvent, 'memory.recall.answered'>(before, 'memory.recall.answered').find(({ event }) => event.data.recallId === recallId);
  if (answer !== undefined) return recalled(answer, factsBefore(before, answer));
  const wentOn = before.some(({ commit, event }) => event.type === 'runtime.loop.model-asked' && commit.position.sequence > request.commit.position.sequence);
  return [wentOn ? missing('recall', `The run went on, but no answer to its recall ${recallId} is on record.`) : open('recall', 'Memory has not answered yet.')];
}

/** An answer that nobody is on record to have wanted. */
function unasked(before: readonly Seen[], answer: Seen<Recalled>): readonly WhyLine[] {
  const { recallId } = answer.event.data;
  const isKnown = only<LoopEvent, 'runtime.loop.recall-requested'>(before, 'runtime.loop.recall-requested').some(({ event }) => event.data.recallId === recallId);
  return isKnown ? [] : [missing('recall', `That the run asked memory for ${recallId} is not on record.`), ...recalled(answer, factsBefore(before, answer))];
}

function withoutAsk(before: readonly Seen[], answer: Seen<Answered>): readonly WhyLine[] {
  const { askId } = answer.event.data;
  const isKnown = only<LoopEvent, 'runtime.loop.model-asked'>(before, 'runtime.loop.model-asked').some(({ event }) => event.data.askId === askId);
  return isKnown ? [] : [missing('ask', `What the model was asked as ${askId} is not on record.`), answered(answer)];
}

/** Facts are numbered through the whole run. */
function factsBefore(before: readonly Seen[], answer: Seen<Recalled>): number {
  const earlier = only<RecallEvent, 'memory.recall.answered'>(before, 'memory.recall.answered').filter(({ commit }) => commit.position.sequence < answer.commit.position.sequence);
  return earlier.reduce((sum, { event }) => sum + (isErased(event.data.facts) ? 0 : event.data.facts.length), 0);
}

function recalled(answer: Seen<Recalled>, offset: number): readonly WhyLine[] {
  const { facts, index, recallId } = answer.event.data;
  if (isErased(facts)) return [recorded('recall', answer, `Memory answered; the facts are ${wordOf(facts)}.`, { recall: recallId, index })];
  return [
    recorded('recall', answer, `Memory answered with ${facts.length} ${facts.length === 1 ? 'fact' : 'facts'}.`, { recall: recallId, index }),
    ...facts.map(({ factId, text, trust, score, source }, number) =>
      recorded('source', answer, `[${offset + number + 1}] ${text}`, { fact: factId, from: `commit ${source.commit}, event ${source.index}, characters ${source.start} to ${source.end}`, trust, score }),
    ),
  ];
}

function askLines(before: readonly Seen[], ask: Seen<Asked>): readonly WhyLine[] {
  const { askId, step, epoch, model, promptDigest, price, messages, messagesBlob } = ask.event.data;
  const text = `Step ${step}: the model ${model} was asked.`;
  const prompt = isErased(messages) ? messages : messages === null ? `in the blob ${messagesBlob?.sha256 ?? '(missing)'}` : messages.map(({ role, trust }) => `${role} (${trust})`).join(', ');
  const line = recorded('ask', ask, text, { ask: askId, epoch, 'drawing from': sourcesOf(before, ask), prompt, 'prompt digest': promptDigest, price: `${price.source}@${price.version}` });
  return [line, answerLine(before, ask)];
}

/** Numbers of the facts that stood on record when it was asked. */
function sourcesOf(before: readonly Seen[], ask: Seen<Asked>): string {
  const answers = only<RecallEvent, 'memory.recall.answered'>(before, 'memory.recall.answered').filter(({ commit }) => commit.position.sequence < ask.commit.position.sequence);
  if (answers.some(({ event }) => isErased(event.data.facts))) return 'what came in, and facts that are erased';
  const count = answers.reduce((sum, { event }) => sum + event.data.facts.length, 0);
  return ['what came in', ...Array.from({ length: count }, (_, index) => `[${index + 1}]`)].join(', ');
}

function answerLine(before: readonly Seen[], ask: Seen<Asked>): WhyLine {
  const { askId } = ask.event.data;
  const after = before.slice(before.indexOf(ask) + 1);
  const next = only<LoopEvent, 'runtime.loop.model-answered' | 'runtime.loop.model-failed' | 'runtime.loop.model-asked'>(after, 'runtime.loop.model-answered', 'runtime.loop.model-failed', 'runtime.loop.model-asked').find(({ event }) => event.data.askId === askId || event.type === 'runtime.loop.model-asked');
  if (next === undefined) return unanswered(after, askId);
  const { event } = next;
  if (event.type === 'runtime.loop.model-answered') return answered(next as Seen<Answered>);
  if (event.type === 'runtime.loop.model-failed') return recorded('answer', next, `The call failed (${event.data.code}): ${event.data.because}`);
  // Its worker was gone; what that one may have heard counts for nothing.
  if (event.data.askId === askId) return recorded('answer', next, `No answer to it counts; the same was asked again in epoch ${event.data.epoch}.`);
  return missing('answer', `No answer to ${askId} is on record, and another step was asked.`);
}

function unanswered(after: readonly Seen[], askId: string): WhyLine {
  const [finished] = only<LoopEvent, 'runtime.loop.finished'>(after, 'runtime.loop.finished');
  if (finished !== undefined && finished.event.data.outcome !== 'done') return recorded('answer', finished, 'No answer came before the run ended.');
  const wentOn = finished !== undefined || after.some(({ event }) => event.type === 'runtime.loop.effect-requested');
  return wentOn ? missing('answer', `The run went on, but no answer to ${askId} is on record.`) : open('answer', 'The model has not answered yet.');
}

function answered(seen: Seen<Answered>): WhyLine {
  const { text, toolCalls, inputTokens, outputTokens, costMicros, rehearsal, model } = seen.event.data;
  const did = isErased(toolCalls) ? wordOf(toolCalls) : toolCalls.map(({ tool }) => tool).join(', ');
  return recorded('answer', seen, did === '' ? 'It answered in words.' : `It called ${did}.`, { says: text === '' ? undefined : text, model, rehearsal: rehearsal ? 'yes, no model was asked' : undefined, tokens: `${inputTokens} in, ${outputTokens} out`, 'cost in micro-units': costMicros });
}
