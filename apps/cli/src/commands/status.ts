/** `soloist status` */
import { EXIT } from '../exit-codes.js';
import type { HostStatus } from '@soloist/host/installation';
import { apiOf, installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';
import type { Webhook } from './webhook.js';

export async function statusCommand(surroundings: Surroundings): Promise<number> {
  const { output } = surroundings;
  const { hostStatus } = await import('@soloist/host/installation');
  const paths = await installationPaths(surroundings);
  const status = await hostStatus(paths);
  const webhooks = await troubledWebhooks(paths, status);
  output.json({ type: 'status', dataDir: paths.folder, ...status, ...(webhooks.length === 0 ? {} : { webhooks }) });
  if (status.instance === null) {
    output.line(`not running   ${paths.folder}`);
    output.message('start it: ./soloist up');
    return EXIT.unhealthy;
  }
  await output.table(['part', 'state', 'process', 'address'], status.parts.map(({ part, isAlive, pid, address }) => [part, isAlive ? 'up' : 'down', pid ?? 'external', address ?? '-']));
  for (const { part, trouble } of status.parts) if (trouble !== null) output.message(`${part}: ${trouble}`);
  for (const { endpointId, state, lastCode } of webhooks) output.message(`webhook ${endpointId}: ${state} (${lastCode ?? 'unknown'}); ./soloist webhook list`);
  return status.isHealthy ? EXIT.ok : EXIT.unhealthy;
}

/** What runs is told also when the API cannot be asked. */
async function troubledWebhooks(paths: Awaited<ReturnType<typeof installationPaths>>, { instance }: HostStatus): Promise<readonly Webhook[]> {
  if (instance?.isReady !== true) return [];
  const answer = await apiOf(paths, instance).get<{ webhooks?: readonly Webhook[] }>('/v1/webhooks').catch(() => ({ webhooks: [] }));
  return (answer.webhooks ?? []).filter(({ state }) => state !== 'good');
}
