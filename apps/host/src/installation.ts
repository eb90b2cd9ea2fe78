/**
 * What starts, finds, asks and ends a host, without a line of the services it runs: loading those takes longer than most
 * commands do. The rest of the host is behind the package's own name.
 */
export { HostError, type HostErrorCode } from './host-error.js';
export { dataFolder, hostPaths, type HostPaths } from './paths.js';
export { lockHolder, type Holder } from './folder-lock.js';
export { recordedInstance, runningInstance, type Instance, type ServiceEntry } from './instance.js';
export { PARTS, type HostEvent, type PartName, type Report } from './progress.js';
export type { UpOptions } from './up-options.js';
export type { RunningHost } from './running-host.js';
export { up } from './up.js';
export { down, type DownReport } from './down.js';
export { hostStatus, type HostStatus, type PartStatus } from './host-status.js';
export { CHECK_IDS, diagnose } from './diagnosis/diagnose.js';
export type { Finding } from './diagnosis/check.js';
export { listMail, MAIL_BOXES, type MailboxEntry, type MailBoxName } from './mailbox.js';
export { untilCalm } from './calm.js';
