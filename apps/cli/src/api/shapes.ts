/** The API's answers, as far as the command line reads them. Everything else in them is passed on untouched by --json. */
export interface RunSummary {
  readonly runId: string;
  readonly inputId: string;
  readonly agent: string;
  readonly state: string;
  readonly waitingFor: string | null;
  readonly openGates: readonly string[];
  readonly spentMicros: number;
  readonly envelopeMicros: number | null;
  readonly currency: string | null;
  readonly startedAt: string;
  readonly updatedAt: string;
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
}

/** The card: exactly what is decided about. */
export interface GateCard extends GateSummary {
  readonly args: Readonly<Record<string, unknown>>;
  readonly reasons: readonly string[];
}

export interface AgentSummary {
  readonly name: string;
  readonly version: string;
  readonly purpose: string;
  readonly model: string;
  readonly actions: readonly string[];
  readonly perRunMicros: number;
  readonly currency: string;
}

/** One event of an episode, in log order. */
export interface EpisodeEvent {
  readonly type: string;
  readonly at: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Decision {
  readonly state: string;
  readonly gateId: string;
}
