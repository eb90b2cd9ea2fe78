import type { EventLog } from '@soloist/eventlog';
import type { Projector } from '@soloist/service';

/** Projects every stream up to what it holds at this moment. */
export async function reachNow<Rows>(projector: Projector<Rows>, log: EventLog): Promise<void> {
  const streams = Array.from({ length: log.streams }, (_, stream) => stream);
  await Promise.all(streams.map(async (stream) => projector.reach(log, stream, await log.lastSequence(stream))));
}
