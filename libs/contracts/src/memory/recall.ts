import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { DataSubject, Id, TrustLabel } from '../scalars.js';

export const RecalledFact = z.strictObject({
  factId: Id,
  text: z.string(),
  score: z.number(),
  trust: TrustLabel,
  /** Commit id and event index the fact was taken from, with the span in the source's text. */
  source: z.strictObject({ commit: z.string(), index: z.int(), start: z.int(), end: z.int() }),
});
export type RecalledFact = z.output<typeof RecalledFact>;

/** Retrieval with ids, scores and spans, keyed by the run: the answer is a fact, so replay reads it again. */
export const recall = entityContract('memory', 'recall', {
  answered: event(
    1,
    z.strictObject({
      recallId: Id,
      facts: z.array(RecalledFact),
      /** Turns of the conversation's working context, oldest first. */
      session: z.array(z.strictObject({ role: z.string(), text: z.string() })),
      index: z.string(),
      /** How far each event stream was projected when the answer was made. */
      asOf: z.array(z.strictObject({ stream: z.int(), sequence: z.int() })),
      dataSubject: DataSubject,
    }),
    { personal: ['facts', 'session'] },
  ),
});
export type RecallEvent = EventOf<typeof recall>;
