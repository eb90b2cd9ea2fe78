/**
 * Finds the acts of a range: effects that were claimed for the wire at least once within it. Reads are never claimed.
 *
 * I1 what is held in mind is a line an act and a line a stream, however long the log is
 * I2 where each stream stood is told with it: what is written later belongs to the next package
 */
import type { StoredMessage } from '@soloist/eventlog';
import { isChosen, isInRange, type AuditSelection } from './audit-selection.js';
import { eventsIn, stored } from './stored-event.js';

export interface FoundAct {
  readonly effectId: string;
  readonly runId: string;
  /** Of its first attempt within the range. */
  readonly at: string;
}

export interface StreamReach {
  readonly stream: string;
  /** Where it stood. */
  readonly sequence: number;
  /** First and last sequence whose commits go in whatever they are about; 0 when none do. */
  readonly from: number;
  readonly to: number;
}

export interface FoundActs {
  /** Oldest first. */
  readonly acts: readonly FoundAct[];
  readonly streams: readonly StreamReach[];
}

const ATTEMPTED = 'connectors.effect.attempted';

export async function findActs(streamCount: number, pages: AsyncIterable<readonly StoredMessage[]>, selection: AuditSelection): Promise<FoundActs> {
  const acts = new Map<string, FoundAct>();
  // Streams that hold nothing are told as well, so that none can be left out unseen.
  const reaches = new Map(Array.from({ length: streamCount }, (_, stream) => [`EVENTS-${stream}`, { sequence: 0, from: 0, last: 0 }]));
  for await (const page of pages) {
    for (const message of page) {
      const at = stored(message, 'Soloist-At') ?? '';
      const reach = reaches.get(message.stream) ?? { sequence: 0, from: 0, last: 0 };
      reaches.set(message.stream, reach);
      reach.sequence = message.sequence;
      if (reach.from === 0 && (selection.since === null || at >= selection.since)) reach.from = message.sequence;
      if (selection.until === null || at < selection.until) reach.last = message.sequence;
      if (stored(message, 'Soloist-Types')?.includes(`${ATTEMPTED}.v`) !== true || !isInRange(at, selection)) continue;
      const runId = message.subject.slice(message.subject.lastIndexOf('.') + 1);
      for (const { type, data } of eventsIn(message)) {
        const { effectId } = data;
        if (type !== ATTEMPTED || typeof effectId !== 'string' || acts.has(effectId) || !isChosen({ runId, effectId }, selection)) continue;
        acts.set(effectId, { effectId, runId, at });
      }
    }
  }
  const streams = [...reaches].map(([stream, { sequence, from, last }]) => ({ stream, sequence, ...windowOf(from, last, selection) }));
  return { acts: [...acts.values()].sort((left, right) => (left.at === right.at ? compare(left.effectId, right.effectId) : compare(left.at, right.at))), streams };
}

function windowOf(from: number, last: number, { isComplete }: AuditSelection): Pick<StreamReach, 'from' | 'to'> {
  return isComplete && from > 0 && last >= from ? { from, to: last } : { from: 0, to: 0 };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
