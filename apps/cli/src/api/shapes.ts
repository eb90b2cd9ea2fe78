/** The API's answers, as far as the command line reads them; --json passes on all that is in them. GET /openapi.json is the full form. */
export interface RunSummary {
  readonly runId: string;
  readonly inputId: string | null;
  /** Null for a program's run. */
  readonly agent: string | null;
  readonly program?: ProgramPart | null;
  readonly state: string;
  readonly waitingFor: string | null;
  readonly openGates: readonly string[];
  readonly spentMicros: number;
  readonly envelopeMicros: number | null;
  readonly currency: string | null;
  readonly definitionVersion?: string | null;
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** What the run of a program has beyond an agent's. */
export interface ProgramPart {
  readonly name: string;
  readonly version: string;
  readonly parentRunId: string | null;
  readonly epoch: number;
  readonly generation: number;
  readonly steps: number;
  readonly waits: readonly { readonly path: string; readonly kind: string; readonly for: string }[];
  readonly divergence: { readonly path: string; readonly recorded: CallForm | null; readonly replayed: CallForm | null } | null;
}

export interface CallForm {
  readonly kind: string;
  readonly name: string;
  readonly argsDigest: string;
}

/** Runs in one of these states go nowhere any more. */
export const ENDED_STATES: readonly string[] = ['done', 'refused', 'failed'];

/** `outcome` null: its end is not on record yet. */
export interface CancelOutcome {
  readonly runId: string;
  readonly outcome: string | null;
}

export interface GateSummary {
  readonly gateId: string;
  readonly runId: string;
  readonly kind: string;
  readonly state: string;
  readonly digest: string;
  readonly action: string;
  readonly effectClass: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly decidedBy: string | null;
  readonly isEscalated?: boolean;
  readonly reminders?: number;
  readonly snoozedUntil?: string | null;
}

export interface GateLink {
  readonly gateId: string;
  readonly url: string;
  readonly expiresAt: string;
}

export interface SnoozeOutcome {
  readonly gateId: string;
  readonly state: string;
  readonly snoozedUntil: string | null;
}

/** The card: exactly what is decided about. */
export interface GateCard {
  readonly gateId: string;
  readonly runId: string;
  readonly agent: string | null;
  readonly kind: string;
  readonly state: string;
  readonly action: string;
  readonly args: unknown;
  readonly to: readonly string[];
  readonly effectClass: string;
  readonly why: readonly string[];
  readonly sources: readonly unknown[];
  readonly costMicros: number;
  readonly currency: string | null;
  readonly digest: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly undo: string;
  readonly what: string;
  readonly badges: readonly { readonly text: string; readonly isWarning: boolean }[];
  readonly trigger: { readonly from: string; readonly subject: string; readonly receivedAt: string } | null;
  readonly agentSays: string | null;
  readonly attachments: readonly { readonly name: string; readonly bytes: number | null; readonly sha256: string | null }[];
  readonly sentences: readonly { readonly text: string; readonly sources: readonly number[]; readonly isUnsupported: boolean; readonly isWithoutReceipt: boolean }[];
  readonly confidence: { readonly decisions: number; readonly approvedUnchanged: number; readonly share: number | null };
  readonly edit: { readonly digest: string; readonly fields: readonly string[]; readonly args: unknown } | null;
  readonly snoozedUntil: string | null;
}

export interface DecisionOutcome {
  readonly gateId: string;
  readonly state: string;
  readonly alreadyDecided?: boolean;
  readonly authorized?: boolean;
}

export interface AgentSummary {
  readonly name: string;
  readonly version: string;
  readonly latest?: string;
  readonly pin?: { readonly by: string; readonly because: string; readonly at: string } | null;
  readonly purpose: string;
  readonly model: string;
  readonly actions: readonly string[];
  readonly perRunMicros: number;
  readonly currency: string;
}

export interface RecordedCommit {
  readonly id: string;
  readonly subject: string;
  readonly at: string;
  readonly actor: string;
  readonly events: readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[];
}

export interface Episode {
  readonly runId: string;
  readonly commits: readonly RecordedCommit[];
}
