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
