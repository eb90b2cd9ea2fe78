/** An episode as a person reads it: what came in, what was recalled and asked and answered, who decided, what it did and cost. */
import type { Commit } from '@soloist/eventlog';

export interface EpisodeStep {
  readonly stream: number;
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  /** Wire type without version. */
  readonly type: string;
  readonly policy: string | null;
  readonly detail: unknown;
}

/** Snapshots repeat what the events before them said, so they are left out. */
export function stepsOf(commits: readonly Commit[]): readonly EpisodeStep[] {
  return commits.flatMap((commit) =>
    commit.events
      .filter((event) => !event.type.endsWith('.snapshotted'))
      .map((event) => ({
        stream: commit.position.stream,
        sequence: commit.position.sequence,
        at: commit.at,
        actor: commit.actor,
        type: event.type,
        policy: commit.policy,
        detail: event.data,
      })),
  );
}
