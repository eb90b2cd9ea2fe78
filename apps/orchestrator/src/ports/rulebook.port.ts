import type { Rulebook } from '../domain/routing.js';

/** What the orchestrator's reactors work with. */
export interface OrchestratorPorts {
  readonly rulebook: Rulebook;
}
