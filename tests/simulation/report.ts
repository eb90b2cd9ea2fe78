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
  readonly commits: number;
  readonly runs: number;
  readonly mails: number;
  readonly unknown: number;
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

export function describeFailure({ violation, trace }: SeedReport): string {
  if (violation === null) return 'no violation';
  const { seed, invariant, because, atMs } = violation;
  return [`seed ${seed} broke ${invariant} at ${atMs} ms: ${because}`, `reproduce: npm run sim -- --seeds 1 --from ${seed}`, ...trace].join('\n');
}
