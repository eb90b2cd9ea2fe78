/** With what a worker picks a run up. */
import type { ProgramEvent } from '@soloist/contracts';
import type { Loaded } from '@soloist/service';
import type { Program } from './define-program.js';
import type { RecordedCall } from './program-record.js';
import type { Begun, ProgramState } from './program-state.js';

export interface RunEntry {
  readonly program: Program;
  readonly begun: Begun;
  readonly generation: number;
  /** What is on record, with what this delivery brings already settled. */
  readonly calls: ReadonlyMap<string, RecordedCall>;
  /** What this delivery brings, and the claim of the run. */
  readonly opening: readonly ProgramEvent[];
  /** Nothing of the run is on the log as far as anybody knows; the first commit finds out. */
  readonly isNew: boolean;
  /** The run as it was read for this delivery; null when it was not. */
  readonly seen: Loaded<ProgramState> | null;
  /** The epoch on the log when it was read, and the one claimed by `opening`. */
  readonly seenEpoch: number;
  readonly epoch: number;
}
