/** What one seed has shown, and how it is told to people. */
import type { Commit, MemoryLog } from '@soloist/eventlog';

export interface Violation {
  readonly seed: number;
  readonly invariant: string;
  readonly because: string;
  readonly atMs: number;
}

export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly crashes: number;
  readonly stops: number;
  readonly faults: number;
  /** Crashes and stops of processes among them. */
  readonly faultsByKind: ReadonlyMap<string, number>;
  readonly commits: number;
  readonly runs: number;
  /** Mails that truly arrived. */
  readonly mails: number;
  /** Idempotency keys under which more than one mail arrived. */
  readonly doubled: number;
  /** Acknowledged commits that are not in the log, and mails that it says were sent and nobody got. */
  readonly lost: number;
  /** Runs that came to rest without an end and without waiting for a person. */
  readonly stuck: number;
  readonly unknown: number;
  readonly programs: number;
  /** The longest that a run took once nothing stood in its way, at a hop's normal pace. */
  readonly longestMs: number;
  readonly violation: Violation | null;
  /** SHA-256 over every message of every stream. */
  readonly hash: string;
  /** What happened last. */
  readonly trace: readonly string[];
  readonly log: MemoryLog;
  readonly closedRuns: readonly string[];
}

export function describeCommit({ position, address, events, actor }: Commit): string {
  const types = events.map(({ type }) => type.slice(type.lastIndexOf('.') + 1)).filter((type) => type !== 'snapshotted');
  return `${position.stream}:${position.sequence} ${address.entity} ${address.key.slice(0, 8)} ${types.join(', ')} (${actor})`;
}

/** @param commit of the code that was run */
export function describeFailure({ violation, trace }: SeedReport, commit = 'this one'): string {
  if (violation === null) return 'no violation';
  const { seed, invariant, because, atMs } = violation;
  return [`seed ${seed} broke ${invariant} at ${atMs} ms: ${because}`, `reproduce: seed ${seed} + commit ${commit}: npm run sim -- --seeds 1 --from ${seed}`, ...trace].join('\n');
}
