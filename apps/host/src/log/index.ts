/** What proves a log, hands it on, keeps a copy of it and brings it back. */
export { backup, type BackupReport } from './backup.js';
export { exportCloudEvents, exportLog } from './export-log.js';
export { incarnationOf } from './incarnation.js';
export { restore, type RestoreReport } from './restore.js';
export { verifyLog, verifyLogFile, type VerifiedLog } from './verify-log.js';
