/**
 * `soloist run replay ID`: re-executes a recorded run with a read-only credential and recorded ports, and says with
 * counts that nothing happened (requirements M4, K11, F6).
 */
import type { StreamCount } from '@soloist/contracts';
import { connectLog, openKeyTable } from '@soloist/eventlog';
import { replayEpisode, type Divergence } from '@soloist/service';
import { recordedEpisode } from './recorded-episode.js';
import { recordedParts } from './recorded-ports.js';
import { countingConnections } from './connection-count.js';
import { fromRecord, stepsOf, type EpisodeStep, type FromRecord } from './episode-steps.js';

export interface ReplayTarget {
  readonly runId: string;
  readonly natsUrl: string;
  /** Credential of the replay account: it may publish nothing. */
  readonly seedFile: string;
  readonly streams: StreamCount;
  readonly keepFolder: string;
  readonly secretsFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

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

export async function replayRun(target: ReplayTarget): Promise<ReplayReport> {
  const keys = await openKeyTable(target.keepFolder);
  const connection = await connectLog({
    servers: target.natsUrl,
    seedFile: target.seedFile,
    service: 'replay',
    streams: target.streams,
    keys,
    name: 'soloist replay',
  });
  try {
    const episode = await recordedEpisode(connection.log, target.runId);
    const parts = await recordedParts(episode, target.secretsFolder, target.environment);
    const { result: outcome, opened } = await countingConnections(() =>
      replayEpisode({ source: connection.log, commits: episode.commits, commands: episode.commands, parts, cut: episode.cut }),
    );
    return {
      runId: target.runId,
      commits: episode.commits.length,
      deliveries: outcome.deliveries,
      decisionsEqual: outcome.equal,
      given: outcome.given,
      divergences: outcome.divergences,
      fromRecord: fromRecord(episode.commits),
      modelCalls: opened,
      effects: opened,
      steps: stepsOf(episode.commits),
    };
  } finally {
    await connection.close();
  }
}
