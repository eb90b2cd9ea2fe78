/** How a history of a run is closed other than by its code: it differs from its record, or goes on as a new one. */
import type { Difference } from './call-book.js';
import { programEnded, type Draft } from './drafts.js';
import { formOf } from './failure.js';
import type { Begun, Carried, Received } from './program-state.js';

/** Ids of events kept over into the next history, so that one delivered again is known. */
const EVENT_IDS_KEPT = 1_000;

export function programDiverged({ path, recorded, replayed }: Difference): readonly Draft[] {
  const said = `At ${path} the record has ${formOf(recorded)}, the code does ${formOf(replayed)}. Start a new run, or register changed code under a new version.`;
  const diverged: Draft = { event: () => ({ type: 'runtime.loop.program-diverged', data: { path, recorded, replayed } }), bytes: 0 };
  return [diverged, programEnded({ outcome: 'diverged', code: 'program.diverged', because: said })];
}

/** What of the unread events may lie in the event that continues the run; the rest lies beside it. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** Leaves a decision for which unread events must be laid beside the log first. */
export class Unparked {
  constructor(readonly events: readonly Received[]) {}
}

/**
 * Says everything a reader needs who starts here; the worker that writes it holds the new history.
 * @param parked unread events that lie beside the log by now, by id
 */
export function programContinued({ begun, generation, epoch }: { readonly begun: Begun; readonly generation: number; readonly epoch: number }, lease: string, input: Carried, parked: ReadonlyMap<string, Carried>): Draft {
  const { runId, program, version, parent, dataSubject } = begun;
  return {
    event: ({ state }) => {
      const { steps, isCancelled } = state;
      const unread = state.unread.map((received) => ({ ...received, ...parked.get(received.eventId) }));
      const inside = unread.filter(({ blob }) => blob === null);
      if (Buffer.byteLength(JSON.stringify(inside)) > MOST_UNREAD_BYTES) throw new Unparked(inside) as unknown as Error;
      const eventIds = [...state.eventIds].slice(-EVENT_IDS_KEPT);
      const data = { runId, program, version, ...input, parent, generation: generation + 1, epoch, lease, steps, isCancelled, unread, eventIds, dataSubject };
      return { type: 'runtime.loop.program-continued', data };
    },
    bytes: 0,
  };
}
