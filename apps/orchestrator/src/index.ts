export { orchestratorService, openRulebook } from './orchestrator.js';
export { OrchestratorConfig } from './orchestrator.config.js';
export type { OrchestratorPorts } from './ports/rulebook.port.js';
export { place, type Placement, type RoutedMail, type Rulebook } from './domain/routing.js';
