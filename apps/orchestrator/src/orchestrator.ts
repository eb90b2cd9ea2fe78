/** The orchestrator: places what comes in, asks for runs, admits and closes them. */
import { loadAgents, loadRoutingRules, matchesPattern } from '@soloist/catalog';
import { defineService } from '@soloist/service';
import type { Rulebook } from './domain/routing.js';
import { requestEntity, runEntity } from './entities.js';
import { OrchestratorConfig } from './orchestrator.config.js';
import type { OrchestratorPorts } from './ports/rulebook.port.js';
import { admitGrantedRun } from './reactors/admit-run.js';
import { cancelRun } from './reactors/cancel-run.js';
import { closeFinishedRun } from './reactors/close-run.js';
import { receiveRequest } from './reactors/receive-request.js';
import { requestRunForAgent } from './reactors/request-run.js';

export const orchestratorService = defineService<OrchestratorConfig, OrchestratorPorts>({
  name: 'orchestrator',
  config: OrchestratorConfig,
  entities: [requestEntity, runEntity],
  reactors: [receiveRequest, requestRunForAgent, admitGrantedRun, closeFinishedRun],
  commands: [cancelRun],
  sources: [],
  open: async ({ config }) => ({
    ports: { rulebook: openRulebook(config) },
    close: async () => {},
  }),
});

/** @throws CatalogError naming every problem of the rules and definitions, with line and column */
export function openRulebook(config: OrchestratorConfig): Rulebook {
  const { document, version } = loadRoutingRules(config.routingRulesFile);
  const agents = new Set(loadAgents(config.agentsFolder).map((agent) => agent.name));
  return { ...document, version, agents, matches: matchesPattern };
}
