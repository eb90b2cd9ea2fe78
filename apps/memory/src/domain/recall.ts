/**
 * The answers given to a run, keyed by the run. An answer is a fact: a replay reads it again instead of searching.
 *
 * I1 each recall is answered once
 * I2 what is answered stays below what one commit can carry, whatever was asked for
 */
import type { RecalledFact, RecallEvent } from '@soloist/contracts';
import type { Turn } from './session.js';

export interface RecallState {
  readonly answered: readonly string[];
}

export const noRecall: RecallState = { answered: [] };

export function evolveRecall(state: RecallState, event: RecallEvent): RecallState {
  switch (event.type) {
    case 'memory.recall.answered':
      return { answered: [...state.answered, event.data.recallId] };
  }
}

/** An agent definition may ask for 50 at most; a sentence has 500 characters at most. */
export const MOST_RECALLED = 50;

export function limitOf(asked: number): number {
  return Math.min(asked, MOST_RECALLED);
}

export interface Answer {
  readonly recallId: string;
  readonly dataSubject: string;
  readonly facts: readonly RecalledFact[];
  readonly session: readonly Turn[];
  readonly index: string;
  readonly asOf: readonly { readonly stream: number; readonly sequence: number }[];
}

export function answerRecall(state: RecallState, answer: Answer): readonly RecallEvent[] {
  if (state.answered.includes(answer.recallId)) return [];
  return [
    {
      type: 'memory.recall.answered',
      data: {
        recallId: answer.recallId,
        facts: [...answer.facts],
        session: answer.session.map(({ role, text }) => ({ role, text })),
        index: answer.index,
        asOf: [...answer.asOf],
        dataSubject: answer.dataSubject,
      },
    },
  ];
}
