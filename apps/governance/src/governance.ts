/**
 * Governance: budgets, policy, gates, versions, and the one public API. Only it may authorize an effect.
 * Read this first; rules are in `domain/` and `policies/`.
 */
import { defineService, type OpenPorts, type ServiceSurroundings } from '@soloist/service';
import { createLogger } from '@soloist/telemetry';
import { openSigner } from './adapters/ed25519.authorization-signer.js';
import { openApiTokens } from './adapters/file.api-tokens.js';
import { yamlCatalog } from './adapters/yaml.catalog.js';
import { definitions, gates, halts, holds, ledgers, policies } from './entities.js';
import { GovernanceConfig } from './governance.config.js';
import { governanceHttp } from './http/governance-http.js';
import type { GovernancePorts } from './ports/governance-ports.js';
import { PostgresGovernanceView } from './projections/postgres.governance-view.js';
import { admitBudget } from './reactors/admit-budget.js';
import { decideGate } from './reactors/decide-gate.js';
import { judgeEffect } from './reactors/judge-effect.js';
import { openUnknownGate } from './reactors/open-unknown-gate.js';
import { settleBudget } from './reactors/settle-budget.js';
import { publishCatalog } from './sources/publish-catalog.js';

export const governanceService = defineService<GovernanceConfig, GovernancePorts>({
  name: 'governance',
  config: GovernanceConfig,
  entities: [ledgers, holds, gates, halts, definitions, policies],
  reactors: [admitBudget, settleBudget, judgeEffect, openUnknownGate],
  commands: [decideGate],
  sources: [publishCatalog],
  open: openGovernance,
  http: ({ config, ports, connection }) => governanceHttp({ host: config.httpHost, port: config.httpPort, log: connection.log, ports }),
});

async function openGovernance({ config, connection }: ServiceSurroundings<GovernanceConfig>): Promise<OpenPorts<GovernancePorts>> {
  const { secretsFolder, keepFolder, publicKeyFile, postgresUrl, companyDayLimit } = config;
  const catalog = yamlCatalog(companyDayLimit);
  const signer = await openSigner(secretsFolder, publicKeyFile);
  const tokens = await openApiTokens(secretsFolder, keepFolder);
  const view = await PostgresGovernanceView.open(postgresUrl, connection.log, createLogger('governance'));
  return { ports: { signer, catalog, view, tokens }, projections: [view], close: () => view.close() };
}
