/** Proving a log whole, and taking it out: `@soloist/eventlog/verify`. */
export { checkExport, checkExportBytes, writeExport, type ExportReport, type Proofs } from './export-file.js';
export { cloudEventsOf } from './cloud-events.js';
export { headsOf, LogCheck, type LogCheckReport, type Remembered } from './log-check.js';
export { openLiveLog, pagesOf, type LiveLog } from './live-log.js';
export { HEAD_FILES, recordedHeads, recordVerified } from '../broker/recorded-heads.js';
export type { Check, Finding, StreamCounts } from './stream-check.js';
export { endOf, exportLine, lineOf } from './export-format.js';
export { isSignedBy, logKeyId, readLogKey, signHead, type SignedHead } from './signed-head.js';
export { LOG_PUBLIC_KEY_FILE, openLogKey, publicLogKey } from '../broker/log-key.js';
export { signedHeads, signNewHeads } from '../broker/signed-heads.js';
export { commitHash } from '../codec/commit-hash.js';
export { messageDigest } from './message-digest.js';
