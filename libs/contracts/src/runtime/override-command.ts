/** Overrides of one run, published by governance's API only and addressed to `runtime.loop.<runId>`. */
import { z } from 'zod';
import { Id } from '../scalars.js';

const by = z.string().min(1).max(200);
const because = z.string().min(1).max(500);

/** No new model call and no new effect, until it is resumed; what is under way is written down. */
export const PauseRun = z.strictObject({ type: z.literal('runtime.loop.pause'), runId: Id, by, because });
export type PauseRun = z.output<typeof PauseRun>;

/** Goes on where it was. */
export const ResumeRun = z.strictObject({ type: z.literal('runtime.loop.resume'), runId: Id, by, because });
export type ResumeRun = z.output<typeof ResumeRun>;

/** The operator does the step that the model would do: the run, which is paused, ends with this answer. */
export const AnswerRun = z.strictObject({ type: z.literal('runtime.loop.answer'), runId: Id, by, text: z.string().trim().min(1).max(4_000) });
export type AnswerRun = z.output<typeof AnswerRun>;
