/** Retrieval from the record: what was found then is found again, with the same scores and as of the same positions. */
import type { RecallEvent } from '@soloist/contracts';
import type { WorkingMemory } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { MemoryPorts } from '@soloist/memory';
import { eventsOf, type RecordedEpisode } from './recorded-episode.js';

export function recordedMemory(episode: RecordedEpisode): MemoryPorts {
  const answer = answersOf(episode).at(0);
  return {
    facts: {
      name: answer?.index ?? 'none',
      search: () => {
        if (answer === undefined) throw new Fault('transient', 'replay.recall-not-on-record', 'no recall of this run is on record');
        return Promise.resolve(answer.facts);
      },
    },
    followed: { reach: () => Promise.resolve(), asOf: () => answer?.asOf ?? [] },
    inTurn: (_key, work) => work(),
  };
}

export function recordedSessions(episode: RecordedEpisode): WorkingMemory {
  const answer = answersOf(episode).at(0);
  // Only role and text are on record; source and time put the turns back in their recorded order.
  const turns = (answer?.session ?? []).map(({ role, text }, index) => ({ role, text, source: `record-${index}/0`, at: String(index).padStart(4, '0') }));
  return { get: () => Promise.resolve({ turns }), set: () => Promise.resolve(), delete: () => Promise.resolve() };
}

function answersOf({ commits }: RecordedEpisode): readonly Extract<RecallEvent, { type: 'memory.recall.answered' }>['data'][] {
  return eventsOf<RecallEvent>(commits).flatMap((event) => (event.type === 'memory.recall.answered' ? [event.data] : []));
}
