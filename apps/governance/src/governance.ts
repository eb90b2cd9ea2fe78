/**
 * Governance: budgets, policy, gates, versions, and the one public API. Only it may authorize an effect.
 * Read this first; rules are in `domain/` and `policies/`.
 */
import { defineService, type OpenPorts, type ServiceSurroundings } from '@soloist/service';
import { createLogger } from '@soloist/telemetry';
import { openSigner } from './adapters/ed25519.authorization-signer.js';
import { openApiTokens } from './adapters/file.api-tokens.js';
import { openApprovalLinks } from './adapters/hmac.approval-links.js';
import { intervalRounds } from './adapters/interval.rounds.js';
import { yamlCatalog } from './adapters/yaml.catalog.js';
import { followLoop } from './decisions/known-epochs.js';
import { contacts, definitions, gates, halts, holds, ledgers, mailings, policies, webhooks } from './entities.js';
import { GovernanceConfig } from './governance.config.js';
import { governanceHttp } from './http/governance-http.js';
import type { GovernancePorts } from './ports/governance-ports.js';
import { PostgresGovernanceView } from './projections/postgres.governance-view.js';
import { admitBudget } from './reactors/admit-budget.js';
import { closeGates } from './reactors/close-gates.js';
import { adoptPolicy } from './reactors/adopt-policy.js';
import { correctBudget } from './reactors/correct-budget.js';
import { decideExtension } from './reactors/decide-extension.js';
import { decideGate } from './reactors/decide-gate.js';
import { judgeEffect } from './reactors/judge-effect.js';
import { limitBudget } from './reactors/limit-budget.js';
import { openUnknownGate } from './reactors/open-unknown-gate.js';
import { pinAgent } from './reactors/pin-agent.js';
import { reviewEffect } from './reactors/review-effect.js';
import { settleBudget } from './reactors/settle-budget.js';
import { snoozeGate } from './reactors/snooze-gate.js';
import { unpinAgent } from './reactors/unpin-agent.js';
import { walkGate } from './reactors/walk-gate.js';
import { writeDigest } from './reactors/write-digest.js';
import { armNextDigest } from './sources/arm-digest.js';
import { completeStop } from './sources/complete-stop.js';
import { expireGates } from './sources/expire-gates.js';
import { publishCatalog } from './sources/publish-catalog.js';

export const governanceService = defineService<GovernanceConfig, GovernancePorts>({
  name: 'governance',
  config: GovernanceConfig,
  entities: [ledgers, holds, gates, halts, definitions, policies, contacts, webhooks, mailings],
  reactors: [admitBudget, settleBudget, judgeEffect, openUnknownGate, closeGates],
  witnesses: [followLoop],
  commands: [limitBudget, correctBudget, decideExtension, decideGate, snoozeGate, reviewEffect, adoptPolicy, pinAgent, unpinAgent],
  timers: [walkGate, writeDigest],
  sources: [completeStop, publishCatalog, expireGates, armNextDigest],
  open: openGovernance,
  http: ({ config, ports, connection }) => governanceHttp({ host: config.httpHost, port: config.httpPort, log: connection.log, keys: connection.keys, ports, approvalOrigin: config.approvalOrigin }),
});

async function openGovernance({ config, connection }: ServiceSurroundings<GovernanceConfig>): Promise<OpenPorts<GovernancePorts>> {
  const { secretsFolder, keepFolder, publicKeyFile, postgresUrl, companyDayLimit } = config;
  const catalog = yamlCatalog(companyDayLimit);
  const signer = await openSigner(secretsFolder, publicKeyFile);
  const tokens = await openApiTokens(secretsFolder, keepFolder);
  const links = await openApprovalLinks(secretsFolder);
  const logger = createLogger('governance');
  const view = await PostgresGovernanceView.open(postgresUrl, connection.log, logger);
  const rounds = intervalRounds((error) => logger.warn(`a round failed and is followed by the next: ${String(error)}`));
  return { ports: { signer, catalog, view, tokens, rounds, links }, projections: [view], close: () => view.close() };
}
