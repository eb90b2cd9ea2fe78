import { z } from 'zod';

/** Both default to what ships with Soloist. */
export const OrchestratorConfig = z
  .object({
    SOLOIST_ROUTING_RULES_FILE: z.string().min(1).optional(),
    SOLOIST_AGENTS_DIR: z.string().min(1).optional(),
  })
  .transform((environment) => ({
    routingRulesFile: environment.SOLOIST_ROUTING_RULES_FILE,
    agentsFolder: environment.SOLOIST_AGENTS_DIR,
  }));
export type OrchestratorConfig = z.output<typeof OrchestratorConfig>;
