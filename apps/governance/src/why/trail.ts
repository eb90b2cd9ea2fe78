import type { Commit } from '@soloist/eventlog';

/** The commits that an answer is made of. */
export interface Trail {
  readonly runId: string;
  readonly intake: readonly Commit[];
  readonly request: readonly Commit[];
  readonly episode: readonly Commit[];
  /** The ledger's commit that set the run's envelope aside. */
  readonly reservation: Commit | null;
  /** The lines of the ledger that held the run then; null when they could not be read. */
  readonly budgetLines: readonly { readonly line: string; readonly limit: number; readonly mode: string }[] | null;
  /** The ledger's commits that these lines were read from: its snapshot of then, up to the reservation. */
  readonly ledger?: readonly Commit[];
  readonly policies: readonly Commit[];
  /** Of the agent that the run was admitted as. */
  readonly definitions?: readonly Commit[];
}
