/** What the operator's money is limited to, from what governance and the agents are configured with. */
import { companyDayLimitMicros, type Environment } from './service-environment.js';

export async function spendLine(environment: Environment): Promise<string> {
  const { loadAgents } = await import('@soloist/catalog');
  const perRun = Math.max(...loadAgents().map(({ definition }) => definition.budget.perRunMicros));
  return `limit ${dollars(Number(companyDayLimitMicros(environment)))}/day, at most ${dollars(perRun)}/run`;
}

function dollars(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(2)}`;
}
