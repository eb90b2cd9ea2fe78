/**
 * `soloist run replay ID`: re-executes a recorded run with a read-only credential and recorded ports, and says with
 * counts that nothing happened (requirements M4, K11, F6). A run of a program is its code, executed again against its calls.
 */
import type { StreamCount } from '@soloist/contracts';
import { connectLog, openKeyTable } from '@soloist/eventlog';
import { replayEpisode } from '@soloist/service';
import { recordedEpisode } from './recorded-episode.js';
import { recordedParts } from './recorded-ports.js';
import { countingConnections } from './connection-count.js';
import { replayProgram } from './replay-program.js';
import { fromRecord, stepsOf } from './episode-steps.js';
import type { ReplayReport } from './replay-report.js';

export type { ReplayReport } from './replay-report.js';

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
    const program = await replayProgram(connection.log, target.runId, target.environment);
    if (program !== null) return program;
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
