/** What `soloist doctor` looks at, in this order. Errors elsewhere name these ids. */
import { messageOf } from '../host-error.js';
import { runningInstance } from '../instance.js';
import type { HostPaths } from '../paths.js';
import type { Environment } from '../service-environment.js';
import { failed, type Finding, type Opinion, type Patient } from './check.js';
import { checkBroker, checkDatabasePrograms, checkFolder, checkKeys, checkLock, checkNode, checkPorts } from './installation-checks.js';
import { checkApi, checkBus, checkDatabase, checkProjections, checkStorage } from './running-checks.js';

const CHECKS: Readonly<Record<string, (patient: Patient) => Promise<Opinion>>> = {
  node: checkNode,
  'nats-server': checkBroker,
  postgresql: checkDatabasePrograms,
  folder: checkFolder,
  keys: checkKeys,
  lock: checkLock,
  ports: checkPorts,
  storage: checkStorage,
  bus: checkBus,
  database: checkDatabase,
  api: checkApi,
  projections: checkProjections,
};

export const CHECK_IDS: readonly string[] = Object.keys(CHECKS);

/** `only`: one check by its id. */
export async function diagnose(paths: HostPaths, environment: Environment, only: string | null): Promise<readonly Finding[]> {
  const patient: Patient = { paths, environment, instance: await runningInstance(paths) };
  const wanted = Object.entries(CHECKS).filter(([id]) => only === null || id === only);
  return Promise.all(
    wanted.map(async ([id, check]) => {
      const opinion = await check(patient).catch((error: unknown) => failed(`this check could not be made: ${messageOf(error)}`, 'report it'));
      return { id, ...opinion };
    }),
  );
}
