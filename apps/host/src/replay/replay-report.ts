/** What a replay says of itself, of an agent's run and of a program's alike. */
import type { Divergence } from '@soloist/service';
import type { EpisodeStep, FromRecord } from './episode-steps.js';

export interface ReplayReport {
  readonly runId: string;
  readonly commits: number;
  readonly deliveries: number;
  /** Decisions made again and found equal. */
  readonly decisionsEqual: number;
  readonly given: number;
  readonly divergences: readonly Divergence[];
  /** Answers, receipts and retrievals given back from the record. */
  readonly fromRecord: FromRecord;
  /** Connections this process opened while re-executing, as counted by Node itself. A model call or an effect needs one. */
  readonly modelCalls: number;
  readonly effects: number;
  readonly steps: readonly EpisodeStep[];
}
