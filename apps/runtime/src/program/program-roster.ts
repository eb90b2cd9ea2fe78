/**
 * The program runs that are open, as far as sweeps have found them: short lists, so that a round costs a few heads.
 *
 * I1 each commit holds the whole list: its head tells it
 * I2 a list is never longer than a commit can hold; what does not fit is found by the deliveries of its runs alone
 */
import type { RosterEvent } from '@soloist/contracts';
import { bucketOf } from '@soloist/kernel';
import { defineEntity } from '@soloist/service';

export interface Roster {
  readonly open: readonly string[];
}

const initial: Roster = { open: [] };
const LISTS = 8;
const MOST_LISTED = 3_000;

export const rosterEntity = defineEntity<Roster, RosterEvent>({ context: 'runtime', entity: 'roster', initial, evolve: (_, { data }) => data });

export const ROSTER_KEYS: readonly string[] = Array.from({ length: LISTS }, (_, list) => `open-${list}`);

export function rosterKeyOf(runId: string): string {
  return `open-${bucketOf(runId) % LISTS}`;
}

export function relist({ open }: Roster, found: ReadonlySet<string>, ended: ReadonlySet<string>): readonly RosterEvent[] {
  const still = open.filter((runId) => !ended.has(runId));
  const added = [...found].filter((runId) => !open.includes(runId) && !ended.has(runId)).slice(0, MOST_LISTED - still.length);
  return still.length === open.length && added.length === 0 ? [] : [{ type: 'runtime.roster.listed', data: { open: [...still, ...added] } }];
}
