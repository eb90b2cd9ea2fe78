/**
 * The table of error codes a lib or an app has (DESIGN section 7). Codes are promises to operators and scripts: printed in
 * docs/reference/errors.md, and held to the sources by a test.
 */
import type { FaultKind } from './fault.js';

/**
 * `rejection`: the domain said no, on record · `outcome`: stands in a fact as the reason of an end or a verdict ·
 * `answer`: of the HTTP API · `exit`: of the command line · the rest are faults.
 */
export type ErrorKind = FaultKind | 'rejection' | 'outcome' | 'answer' | 'exit';

export interface ErrorEntry {
  readonly kind: ErrorKind | readonly ErrorKind[];
  /** What has happened. */
  readonly meaning: string;
  /** What the operator should do; where there is nothing to do, that. */
  readonly remedy: string;
}

export type ErrorTable = Readonly<Record<string, ErrorEntry>>;
