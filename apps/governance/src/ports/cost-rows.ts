/** Rows about money. No personal data: a client is the opaque id of a data subject. */

/** Whom a run is booked under, as its hold says. */
export interface BookingRow {
  readonly runId: string;
  readonly agent: string;
  readonly version: string;
  readonly feature: string | null;
  readonly workflow: string | null;
  readonly client: string | null;
  readonly currency: string;
}

/** One model call. Without an answer it costs its ceiling: the provider may have charged for it. */
export interface CallRow extends BookingRow {
  readonly askId: string;
  /** UTC date of the claim. */
  readonly day: string;
  readonly model: string;
  /** `<source>@<version>` of the price table. */
  readonly price: string;
  readonly isAnswered: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

export const COST_KEYS = ['agent', 'version', 'feature', 'workflow', 'client', 'model', 'price', 'day'] as const;
export type CostKey = (typeof COST_KEYS)[number];

export interface CostSum {
  /** Null: not booked under any. */
  readonly key: string | null;
  readonly runs: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

export interface CostQuery {
  readonly by: CostKey;
  /** UTC date; from this day on. */
  readonly since?: string;
}
