/**
 * The operator's rows: what runs, what waits. A projection of the log, thrown away and made again at will; it holds no
 * personal data, which stays sealed in the log.
 */
import type { CallForm } from '@soloist/contracts';
import type { CostQuery, CostSum } from './cost-rows.js';

export const RUN_STATES = ['requested', 'admitted', 'waiting for gate', 'waiting for memory', 'running', 'waiting', 'paused', 'done', 'refused', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What a run of a program has beyond an agent's. */
export interface ProgramPart {
  readonly name: string;
  readonly version: string;
  readonly parentRunId: string | null;
  readonly epoch: number;
  /** Counts its histories: one more each time it continues as new. */
  readonly generation: number;
  /** Ended ones. */
  readonly steps: number;
  /** `for`: a moment, the name of an event, or a run. */
  readonly waits: readonly { readonly path: string; readonly kind: 'timer' | 'event' | 'child'; readonly for: string }[];
  /** Where its code does not do what is on record; null for nothing. */
  readonly divergence: { readonly path: string; readonly recorded: CallForm | null; readonly replayed: CallForm | null } | null;
}

/** A run is of an agent or of a program; the other is null. */
export interface RunRow {
  readonly runId: string;
  /** Null for a program's. */
  readonly inputId: string | null;
  readonly agent: string | null;
  readonly program: ProgramPart | null;
  readonly state: RunState;
  /** What it waits for: a gate's, recall's or effect's id; of a program the first of its waits, `event approval`. */
  readonly waitingFor: string | null;
  readonly openGates: readonly string[];
  readonly spentMicros: number;
  readonly envelopeMicros: number | null;
  readonly currency: string | null;
  readonly definitionVersion: string | null;
  readonly policyVersion: string | null;
  /** Why it ended as it did, without anybody's words. */
  readonly outcome: string | null;
  readonly startedStream: number;
  readonly startedSequence: number;
  readonly startedAt: string;
  readonly updatedSequence: number;
  readonly updatedAt: string;
}

export const GATE_STATES = ['open', 'approved', 'rejected', 'expired'] as const;

export interface GateRow {
  readonly gateId: string;
  readonly runId: string;
  readonly kind: 'outward-effect' | 'unknown-outcome';
  readonly state: (typeof GATE_STATES)[number];
  readonly digest: string;
  readonly effectId: string;
  readonly generation: number;
  readonly action: string;
  readonly effectClass: string;
  readonly policyVersion: string;
  readonly openedAt: string;
  readonly openedSequence: number;
  readonly expiresAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly surface: string | null;
  /** The operator approved another version than was asked for. */
  readonly isEdited: boolean;
  readonly reminders: number;
  readonly isEscalated: boolean;
  readonly snoozedUntil: string | null;
}

/** As new runs take it. */
export interface AgentRow {
  readonly name: string;
  /** The pinned one, or else the latest. */
  readonly version: string;
  readonly latest: string;
  /** By whom its version is pinned; null when it is not. Why stands in the log only: it is somebody's words. */
  readonly pin: { readonly by: string; readonly at: string } | null;
  readonly purpose: string;
  readonly model: string;
  readonly actions: readonly string[];
  readonly perRunMicros: number;
  readonly currency: string;
  readonly publishedAt: string;
}

/** Something that came in and was routed to the operator. */
export interface InboxRow {
  readonly inputId: string;
  readonly rule: string;
  readonly reasons: readonly string[];
  readonly routedAt: string;
}

/** Of runs whose ids begin alike. */
export const MOST_ALIKE = 10;

export interface GovernanceView {
  /** Projects what the log holds at this moment, so that an answer shows what its reader has just caused. */
  refresh(): Promise<void>;
  /** Newest first. */
  runs(filter: { readonly limit: number; readonly state?: RunState }): Promise<readonly RunRow[]>;
  run(runId: string): Promise<RunRow | null>;
  /** Ids of the runs that begin so, at most `MOST_ALIKE`, the first in their order first. */
  runIdsFrom(prefix: string): Promise<readonly string[]>;
  /** Oldest first: who waits longest stands on top. `expiresBy`: those that expire at this moment (RFC 3339, UTC, with milliseconds) or before. */
  gates(filter: { readonly limit: number; readonly state?: GateRow['state']; readonly expiresBy?: string; readonly action?: string; readonly isNewestFirst?: boolean }): Promise<readonly GateRow[]>;
  gate(gateId: string): Promise<GateRow | null>;
  agents(): Promise<readonly AgentRow[]>;
  /** Sums over model calls, dearest first. */
  costs(query: CostQuery): Promise<readonly CostSum[]>;
  /** Newest first. */
  inbox(limit: number): Promise<readonly InboxRow[]>;
}
