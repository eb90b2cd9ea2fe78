import type { FactIndex } from './fact-index.port.js';
import type { FollowedLog } from './followed-log.port.js';

export interface MemoryPorts {
  readonly facts: FactIndex;
  readonly followed: FollowedLog;
  /** Runs the work of one key one after the other. A session is read, changed and written; two at once would lose a turn. */
  readonly inTurn: <T>(key: string, work: () => Promise<T>) => Promise<T>;
}
