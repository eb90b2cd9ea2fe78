/** A run's loop as the log has it now, with the cause of its open ask: whose delivery may take it over. */
import type { LoopEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { fold } from '@soloist/service';
import { openAsk, type Ask, type LoopState } from '../domain/loop.js';
import { loopEntity } from '../entities.js';

export interface SeenLoop {
  readonly state: LoopState;
  readonly open: { readonly ask: Ask; readonly cause: string | null } | null;
}

export async function readLoop(log: EventLog, runId: string): Promise<SeenLoop> {
  const commits = await log.read({ context: loopEntity.context, entity: loopEntity.entity, key: runId });
  const state = fold(loopEntity, commits.flatMap((commit) => commit.events));
  const ask = openAsk(state);
  if (ask === null) return { state, open: null };
  const asking = commits.findLast((commit) => (commit.events as readonly LoopEvent[]).some((event) => event.type === 'runtime.loop.model-asked' && event.data.askId === ask.askId));
  return { state, open: { ask, cause: asking?.cause ?? null } };
}
