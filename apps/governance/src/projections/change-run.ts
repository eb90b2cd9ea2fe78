import type { Commit } from '@soloist/eventlog';
import type { RunRow } from '../ports/governance-view.port.js';
import type { RowSet } from './row-set.js';

/** Moves the row of the run a commit belongs to; a run that was never requested has none. */
export function changeRun(rows: RowSet, commit: Commit, next: Partial<RunRow>): void {
  const before = rows.runs.get(commit.address.key);
  if (before !== null) rows.runs.put(before.runId, { ...before, ...next, updatedSequence: commit.position.sequence, updatedAt: commit.at });
}
