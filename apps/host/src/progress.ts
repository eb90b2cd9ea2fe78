/** What the host tells while it starts, runs and stops. The console lines, the NDJSON and the tests are made from it. */
export const PARTS = ['bus', 'database', 'memory', 'services', 'model', 'network', 'spend'] as const;
export type PartName = (typeof PARTS)[number];

export type HostEvent =
  | { readonly type: 'up.started'; readonly version: string; readonly node: string; readonly dataDir: string; readonly mode: 'single' | 'split' }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | {
      readonly type: 'part.ready';
      readonly part: PartName;
      readonly what: string;
      /** Where it listens or lies; null for parts that have no place. */
      readonly at: string | null;
      readonly isOurs: boolean;
      readonly seconds: number;
    }
  | { readonly type: 'up.ready'; readonly api: string; readonly smtp: { readonly host: string; readonly port: number }; readonly dataDir: string; readonly pid: number; readonly seconds: number }
  | { readonly type: 'part.died'; readonly part: string; readonly why: string }
  | { readonly type: 'part.restarted'; readonly part: string; readonly pid: number; readonly seconds: number }
  | { readonly type: 'up.stopping'; readonly openRuns: number | null }
  | { readonly type: 'up.stopped'; readonly openRuns: number | null; readonly killed: readonly string[]; readonly seconds: number };

export type Report = (event: HostEvent) => void;

/** Seconds since a moment of `performance.now()`, to a hundredth. */
export function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 10) / 100;
}
