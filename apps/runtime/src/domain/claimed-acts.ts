/**
 * Receipt or it did not happen: what an agent says it has done is held against what was done before anybody reads it.
 *
 * I1 a sentence counts as a claim if it says that an act of one of the agent's own tools was done
 * I2 a claim is supported by an effect of that tool that succeeded in this run, and by nothing else
 * I3 an unsupported claim at the end of a run is a fact on the record, and the text that makes it says so where people read it
 * I4 an action whose text says "I have done" another act of the agent's tools does not leave the loop without its receipt
 */
import type { AgentDefinition } from '@soloist/contracts';
import { clausesIn, pastFormsOf, saysItWasDone, saysWeDidIt, type Json } from '@soloist/kernel';
import type { Call, LoopState } from './loop.js';

type Acts = Pick<AgentDefinition, 'actions'>;

/** The actions an agent claims without a receipt, in the order of its definition. */
export function unsupportedActs(text: string, state: LoopState, definition: Acts): readonly string[] {
  return withoutReceipt(state, definition).filter((action) => clausesIn(text).some((sentence) => saysItWasDone(sentence, pastFormsOf(action))));
}

/**
 * The same of the words of an action. Only "I" and "we" count here: in somebody's mail "was paid" may be said of the
 * reader's own doing, and what is refused here is never seen by the operator. Nor is the action itself claimed by its words.
 */
export function actsClaimedIn({ tool, args }: Pick<Call, 'tool' | 'args'>, state: LoopState, definition: Acts): readonly string[] {
  const sentences = textsIn(args).flatMap(clausesIn);
  return withoutReceipt(state, definition).filter((action) => action !== tool && sentences.some((sentence) => saysWeDidIt(sentence, pastFormsOf(action))));
}

function withoutReceipt(state: LoopState, { actions }: Acts): readonly string[] {
  const done = new Set(state.calls.flatMap((call) => (call.observed?.outcome === 'succeeded' ? [call.tool] : [])));
  return actions.filter((action) => !done.has(action));
}

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === undefined || value === null || typeof value !== 'object') return [];
  return Object.values(value as Readonly<Record<string, Json | undefined>>).flatMap(textsIn);
}

/** What people read instead of the bare claim. */
export function markUnsupported(text: string, actions: readonly string[]): string {
  return `[no receipt for ${actions.join(', ')}: what follows says that it was done, and nothing on record does] ${text}`;
}
