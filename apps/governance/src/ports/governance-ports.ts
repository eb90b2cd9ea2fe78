import type { ApprovalLinks } from './approval-links.port.js';
import type { ApiTokens } from './api-tokens.port.js';
import type { AuthorizationSigner } from './authorization-signer.port.js';
import type { Catalog } from './catalog.port.js';
import type { GovernanceView } from './governance-view.port.js';
import type { Rounds } from './rounds.port.js';

export interface GovernancePorts {
  readonly signer: AuthorizationSigner;
  readonly catalog: Catalog;
  readonly view: GovernanceView;
  readonly tokens: ApiTokens;
  readonly rounds: Rounds;
  readonly links: ApprovalLinks;
}
