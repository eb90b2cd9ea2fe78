/** What the operator's money is limited to, from the configuration that governance runs with. */
import type { Environment } from './service-environment.js';

export async function spendLine(environment: Environment): Promise<string> {
  const [{ GovernanceConfig }, { loadAgents }] = await Promise.all([import('@soloist/governance'), import('@soloist/catalog')]);
  const { companyDayLimit } = GovernanceConfig.parse(environment);
  const perRun = Math.max(...loadAgents().map(({ definition }) => definition.budget.perRunMicros));
  return `limit ${dollars(companyDayLimit.micros)}/day, at most ${dollars(perRun)}/run`;
}

function dollars(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(2)}`;
}
