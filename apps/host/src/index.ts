/** What runs or replays services: loading it loads them. The rest is `@soloist/host/installation` and `@soloist/host/log`. */
export { replayTrajectories, type ReplayTrajectoriesOptions, type TrajectoriesSummary, type TrajectoryProblem } from './replay-trajectories.js';
export { replayRun, type ReplayOptions } from './replay-on-host.js';
export type { ReplayReport } from './replay/replay-run.js';
export type { EpisodeStep } from './replay/episode-steps.js';
export { recordedEpisode, type RecordedEpisode } from './replay/recorded-episode.js';
export { replayProgram } from './replay/replay-program.js';
export { recordedParts } from './replay/recorded-ports.js';
export { changeWebhookSecret, forgetWebhookSecret, keepWebhookSecret } from './webhook-secrets.js';
export { chosenActs, writeAudit, type AuditReport, type AuditSource } from './audit/write-audit.js';
