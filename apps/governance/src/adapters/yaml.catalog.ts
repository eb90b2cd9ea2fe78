/** The catalog of this installation: agents and policy from their files, the limit from the configuration. */
import { basename } from 'node:path';
import { loadAgents, loadPolicy } from '@soloist/catalog';
import type { Catalog } from '../ports/catalog.port.js';

/** @throws CatalogError naming every problem, with file and line */
export function yamlCatalog(companyDayLimit: Catalog['companyDayLimit']): Catalog {
  // A folder of this machine says nothing to whoever reads the log elsewhere.
  const agents = loadAgents().map((agent) => ({ ...agent, origin: `catalog/agents/${basename(agent.origin)}` }));
  const policy = loadPolicy();
  return { agents, policy: { ...policy, origin: `catalog/policies/${basename(policy.origin)}` }, companyDayLimit };
}
