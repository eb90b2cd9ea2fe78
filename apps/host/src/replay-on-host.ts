/** Replays a run of the host that runs on this folder: under the replay identity, which can write nothing. */
import { join } from 'node:path';
import { HostError } from './host-error.js';
import { runningInstance } from './instance.js';
import type { HostPaths } from './paths.js';
import type { ReplayReport } from './replay/replay-run.js';
import type { Environment } from './service-environment.js';

export interface ReplayOptions {
  readonly paths: HostPaths;
  readonly runId: string;
  readonly environment: Environment;
}

/** @throws HostError host.not-running · replay.run-unknown */
export async function replayRun({ paths, runId, environment }: ReplayOptions): Promise<ReplayReport> {
  const instance = await runningInstance(paths);
  if (instance === null || instance.bus === null) throw new HostError('host.not-running', `Soloist does not run on ${paths.folder}, so its log cannot be read`, './soloist up');
  const { replayRun: replay } = await import('./replay/replay-run.js');
  return replay({
    runId,
    natsUrl: instance.bus.url,
    seedFile: join(paths.keep, 'credentials', 'replay.nk'),
    streams: instance.bus.streams,
    keepFolder: paths.keep,
    secretsFolder: paths.secrets,
    environment: { ...environment, SOLOIST_DATA_DIR: paths.folder, SOLOIST_KEEP_DIR: paths.keep, SOLOIST_SECRETS_DIR: paths.secrets },
  });
}
