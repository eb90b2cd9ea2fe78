/** Proving a log whole, and taking it out: `@soloist/eventlog/verify`. */
export { checkExport, checkExportBytes, writeExport } from './export-file.js';
export { cloudEventsOf } from './cloud-events.js';
export { headsOf, LogCheck, type LogCheckReport, type Remembered } from './log-check.js';
export { openLiveLog, pagesOf, type LiveLog } from './live-log.js';
export { HEAD_FILES, recordedHeads, recordVerified } from '../broker/recorded-heads.js';
export type { Check, Finding, StreamCounts } from './stream-check.js';
