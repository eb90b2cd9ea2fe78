/** How far the rows follow the log: an answer waits for what its asker knows already, and says what it was made from. */
import type { EventLog, Position } from '@soloist/eventlog';

export interface FollowedLog {
  /** Resolves when the rows reflect all of these positions. @throws Fault transient when they cannot */
  reach(log: EventLog, positions: readonly Position[]): Promise<void>;
  asOf(): readonly { readonly stream: number; readonly sequence: number }[];
}
