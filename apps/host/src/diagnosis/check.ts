/** One thing the doctor looks at. A check never changes anything. */
import type { Instance } from '../instance.js';
import type { HostPaths } from '../paths.js';
import type { Environment } from '../service-environment.js';

export interface Patient {
  readonly paths: HostPaths;
  readonly environment: Environment;
  /** The host that runs, if one does. */
  readonly instance: Instance | null;
}

export interface Opinion {
  /** `skipped`: nothing to judge, because nothing runs or nothing was made yet. */
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly what: string;
  /** One command or act that helps; null when all is well. */
  readonly next: string | null;
}

export interface Finding extends Opinion {
  readonly id: string;
}

export const ok = (what: string): Opinion => ({ state: 'ok', what, next: null });
export const skipped = (what: string): Opinion => ({ state: 'skipped', what, next: null });
export const failed = (what: string, next: string): Opinion => ({ state: 'failed', what, next });
