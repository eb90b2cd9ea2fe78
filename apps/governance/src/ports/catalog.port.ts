/** The agents, the policy and the limit this installation is configured with. */
import type { AgentDefinition, PolicyDocument } from '@soloist/contracts';

export interface ConfiguredAgent {
  readonly name: string;
  readonly version: string;
  readonly definition: AgentDefinition;
  readonly origin: string;
}

export interface Catalog {
  readonly agents: readonly ConfiguredAgent[];
  readonly policy: { readonly version: string; readonly document: PolicyDocument; readonly origin: string };
  readonly companyDayLimit: { readonly micros: number; readonly currency: string };
}

/** For replay: what was configured in life is on record as published, and nothing else is about to be. */
export const emptyCatalog: Catalog = {
  agents: [],
  policy: { version: '0'.repeat(16), document: { name: 'none', actions: [], gateExpiresAfterHours: 1, authorizationExpiresAfterMinutes: 1 }, origin: 'none' },
  companyDayLimit: { micros: 0, currency: 'USD' },
};
