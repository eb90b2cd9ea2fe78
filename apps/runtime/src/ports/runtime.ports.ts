import type { PriceBook } from '@soloist/catalog';
import type { Subscription } from '@soloist/eventlog';
import type { CheckArgs } from '../domain/next-move.js';
import type { ProgramRegistry } from '../program/define-program.js';
import type { ModelPort } from './model.port.js';

/** Time for what nothing is delivered for. */
export interface Rounds {
  /** Runs `round` soon and then again `everyMs` after each end, never twice at a time. One that fails is followed by the next. */
  every(everyMs: number, round: () => Promise<void>): Subscription;
  /** RFC 3339, UTC. It decides nothing: only what is worth being looked at. */
  now(): string;
}

/** What the runtime's reactors work with. Replay and simulation bring their own. */
export interface RuntimePorts {
  readonly model: ModelPort;
  /** The model an alias stands for; null when there is none. */
  readonly modelOfAlias: (alias: string) => string | null;
  /** How many tokens prompt and answer may have together. */
  readonly windowTokens: number;
  readonly prices: PriceBook;
  readonly checkArgs: CheckArgs;
  /** Waits between two asks of one step. */
  readonly pause: (ms: number) => Promise<void>;
  /** Absent: nobody looks for runs that are stuck, as in a replay. */
  readonly rounds?: Rounds;
  /** The code of programs; absent: none is registered. */
  readonly programs?: ProgramRegistry;
}
