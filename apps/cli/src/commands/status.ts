/** `soloist status` */
import { EXIT } from '../exit-codes.js';
import { installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

export async function statusCommand(surroundings: Surroundings): Promise<number> {
  const { output } = surroundings;
  const { hostStatus } = await import('@soloist/host');
  const paths = await installationPaths(surroundings);
  const status = await hostStatus(paths);
  output.json({ type: 'status', dataDir: paths.folder, ...status });
  if (status.instance === null) {
    output.line(`not running   ${paths.folder}`);
    output.message('start it: ./soloist up');
    return EXIT.unhealthy;
  }
  await output.table(['part', 'state', 'process', 'address'], status.parts.map(({ part, isAlive, pid, address }) => [part, isAlive ? 'up' : 'down', pid ?? 'external', address ?? '-']));
  for (const { part, trouble } of status.parts) if (trouble !== null) output.message(`${part}: ${trouble}`);
  return status.isHealthy ? EXIT.ok : EXIT.unhealthy;
}
