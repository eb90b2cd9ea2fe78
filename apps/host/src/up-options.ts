import type { Report } from './progress.js';
import type { Environment } from './service-environment.js';

export interface UpOptions {
  readonly environment: Environment;
  readonly mode: 'single' | 'split';
  /** The API's port, pinned; null: 7420 or the next free one. */
  readonly port: number | null;
  /** Version of Soloist, for people. */
  readonly version: string;
  /** Aborted when the operator changes their mind before everything runs. */
  readonly signal: AbortSignal;
  readonly report: Report;
  /** A line that a service process wrote, in split mode. */
  readonly onLine: (service: string, line: string) => void;
}
