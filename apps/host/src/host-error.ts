/** What the host refuses or fails at, in the operator's words: what happened, and the one thing to do next. */
export type HostErrorCode =
  | 'host.already-running'
  | 'host.not-running'
  | 'host.port-taken'
  | 'host.interrupted'
  | 'host.folder-unusable'
  | 'host.bus-failed'
  | 'host.database-failed'
  | 'host.service-failed'
  | 'host.not-ready-in-time'
  | 'replay.run-unknown'
  | 'log.file-unusable'
  | 'audit.no-such-act'
  | 'backup.nothing'
  | 'backup.folder-unusable'
  | 'backup.damaged'
  | 'restore.folder-not-empty';

export class HostError extends Error {
  readonly code: HostErrorCode;
  /** One command or act that helps. */
  readonly next: string;
  /** What a shell is told (ECOSYSTEM section 3). */
  readonly exitCode: number;

  constructor(code: HostErrorCode, message: string, next: string, options: { cause?: unknown; exitCode?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HostError';
    this.code = code;
    this.next = next;
    this.exitCode = options.exitCode ?? 1;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
