/** What every command is given: how to speak, where the installation lies, and how it was called. */
import type { Output } from './output.js';

export interface Surroundings {
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The words that start this program again: node, its options and the entry file. */
  readonly self: readonly string[];
  readonly stdin: AsyncIterable<Uint8Array>;
}
