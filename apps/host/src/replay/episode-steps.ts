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

export interface FromRecord {
  readonly modelAnswers: number;
  readonly receipts: number;
  readonly recalls: number;
}

/** What a re-execution has to give back because it may not ask again. */
export function fromRecord(commits: readonly Commit[]): FromRecord {
  const count = (type: string): number => commits.flatMap((commit) => commit.events).filter((event) => event.type === type).length;
  return { modelAnswers: count('runtime.loop.model-answered'), receipts: count('connectors.effect.succeeded'), recalls: count('memory.recall.answered') };
}
