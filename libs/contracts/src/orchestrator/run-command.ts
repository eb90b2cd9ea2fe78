/** Wishes about runs, published by governance's API only and addressed to `orchestrator.run.<runId>`. */
import { z } from 'zod';
import { Id } from '../scalars.js';

/** Ends a run in whatever state it is; what it may have spent is charged. */
export const CancelRun = z.strictObject({
  type: z.literal('orchestrator.run.cancel'),
  runId: Id,
  by: z.string().min(1).max(200),
  because: z.string().min(1).max(500),
});
export type CancelRun = z.output<typeof CancelRun>;

/**
 * Addressed to `runtime.loop.<runId>` beside the wish: look now whether the run is cancelled. It says nothing by itself.
 * The fact reaches the runtime as well, but waits there until the worker of the run has come to rest.
 */
export const EndCancelledRun = z.strictObject({ type: z.literal('runtime.loop.end-cancelled'), runId: Id });
export type EndCancelledRun = z.output<typeof EndCancelledRun>;
