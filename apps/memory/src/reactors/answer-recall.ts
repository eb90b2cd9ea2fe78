/**
 * Answers what a run wants to know from memory.
 *
 * I1 the answer reflects every fact that was on the log when it was made, and what the run's own trigger states
 * I2 one answer for each recall, whatever is redelivered
 */
import type { LoopEvent } from '@soloist/contracts';
import type { EventLog, Position } from '@soloist/eventlog';
import { reactor, type Work } from '@soloist/service';
import { answerRecall, limitOf } from '../domain/recall.js';
import { recallEntity } from '../entities.js';
import type { MemoryPorts } from '../ports/memory-ports.js';
import { assertFactsOf } from './assert-facts.js';
import { readSession } from './session-store.js';

export const answerRecalls = reactor<MemoryPorts, LoopEvent, 'runtime.loop.recall-requested'>({
  name: 'answer-recall',
  on: ['runtime.loop.recall-requested'],
  react: async (recorded, work) => {
    const { recallId, inputId, dataSubject, limit, query } = recorded.event.data;
    const runId = recorded.commit.address.key;
    // Searching again for what is answered would be wasted; the commit below decides all the same.
    if ((await work.load(recallEntity, runId)).state.answered.includes(recallId)) return;
    const trigger = await settleTrigger(inputId, work);
    await work.ports.followed.reach(work.log, [recorded.commit.position, ...trigger.positions, ...(await endOf(work.log))]);
    const asOf = work.ports.followed.asOf();
    // An erased query is an object; there is nothing to search with.
    const facts = typeof query === 'string' && limit > 0 ? await work.ports.facts.search({ text: query, dataSubject, inputId, limit: limitOf(limit) }) : [];
    const session = (await readSession(work.working, dataSubject)).filter((turn) => !trigger.commits.includes(turn.source.split('/')[0] ?? ''));
    await work.commit(recallEntity, runId, `answer:${recallId}`, (state) =>
      answerRecall(state, { recallId, dataSubject, facts, session, index: work.ports.facts.name, asOf }),
    );
  },
});

/** The trigger's facts may not be asserted yet: they are now, so that no waiting on another delivery is needed. */
async function settleTrigger(inputId: string, work: Work<MemoryPorts>): Promise<{ commits: readonly string[]; positions: readonly Position[] }> {
  const head = await work.head({ context: 'connectors', entity: 'intake', key: inputId });
  if (head === null) return { commits: [], positions: [] };
  return { commits: [head.id], positions: [head.position, ...(await assertFactsOf(head, work))] };
}

/** Where each stream ends now. */
function endOf(log: EventLog): Promise<readonly Position[]> {
  return Promise.all(Array.from({ length: log.streams }, async (_, stream) => ({ stream, sequence: await log.lastSequence(stream) })));
}
