import { describe, expect, it } from 'vitest';
import { answerRecall, evolveRecall, limitOf, MOST_RECALLED, noRecall, type Answer } from './recall.js';

const answer: Answer = {
  recallId: 'r1',
  dataSubject: 's1',
  facts: [],
  session: [{ role: 'client', text: 'hello', source: 'c1/0', at: '2026-01-01T00:00:00.000Z' }],
  index: 'test',
  asOf: [{ stream: 0, sequence: 7 }],
};

describe('recall', () => {
  it('is answered with what was found and how far the log was read', () => {
    const [event] = answerRecall(noRecall, answer);
    expect(event?.data).toEqual({ recallId: 'r1', dataSubject: 's1', facts: [], session: [{ role: 'client', text: 'hello' }], index: 'test', asOf: [{ stream: 0, sequence: 7 }] });
  });

  it('is answered once; another recall of the run is another answer', () => {
    const answered = answerRecall(noRecall, answer).reduce(evolveRecall, noRecall);
    expect(answerRecall(answered, answer)).toEqual([]);
    expect(answerRecall(answered, { ...answer, recallId: 'r2' })).toHaveLength(1);
  });

  it('never promises more than one commit can carry', () => {
    expect(limitOf(8)).toBe(8);
    expect(limitOf(1_000_000)).toBe(MOST_RECALLED);
  });
});
