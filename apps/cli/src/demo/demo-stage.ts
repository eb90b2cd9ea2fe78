/**
 * Where a demo plays: the host that already runs here, or one started for it.
 *
 * I1 a host that was there before is left as it was found
 * I2 the temporary folder of a finished demo is removed; that of a failed one is kept, and named, to be looked at
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostPaths, Instance } from '@soloist/host/installation';
import { apiOf, installationPaths } from '../installation.js';
import type { ApiClient } from '../api/client.js';
import { Failure } from '../failure.js';
import { startDetached } from '../detached-host.js';
import type { Surroundings } from '../surroundings.js';

export interface Stage {
  readonly paths: HostPaths;
  readonly instance: Instance;
  readonly api: ApiClient;
  readonly smtp: NonNullable<Instance['smtp']>;
  readonly environment: Surroundings['environment'];
  readonly isTemporary: boolean;
  readonly isOurs: boolean;
  /** Prefix for commands about this stage; empty for the usual data folder. */
  readonly prefix: string;
  /** Stops what was started for the demo and removes what was made for it. */
  close(outcome: 'finished' | 'failed'): Promise<void>;
}

export async function openStage(surroundings: Surroundings, options: { isSplit: boolean; keeps: boolean }): Promise<Stage> {
  const { hostPaths, runningInstance } = await import('@soloist/host/installation');
  const own = await installationPaths(surroundings);
  const found = await runningInstance(own);
  if (found?.isReady === true) return stageOn(own, found, surroundings, { isTemporary: false, isOurs: false });
  const isTemporary = !options.keeps;
  const folder = isTemporary ? await mkdtemp(join(tmpdir(), 'soloist-demo-')) : own.folder;
  const environment = { ...surroundings.environment, SOLOIST_DATA_DIR: folder };
  const paths = hostPaths(folder);
  await startDetached(surroundings, { isSplit: options.isSplit, port: null, environment });
  const instance = await runningInstance(paths);
  if (instance === null) throw new Failure('host.ended', 'the host ended right after it was ready', `look at ${paths.hostLog}`);
  return stageOn(paths, instance, { ...surroundings, environment }, { isTemporary, isOurs: true });
}

function stageOn(paths: HostPaths, instance: Instance, { environment, output }: Surroundings, how: Pick<Stage, 'isTemporary' | 'isOurs'>): Stage {
  if (instance.smtp === null) throw new Failure('mail.intake-unreachable', 'this host has no mail intake', './soloist doctor');
  return {
    ...how,
    paths,
    instance,
    api: apiOf(paths, instance),
    smtp: instance.smtp,
    environment,
    prefix: how.isTemporary ? `SOLOIST_DATA_DIR=${paths.folder} ` : '',
    close: async (outcome) => {
      if (!how.isOurs) return;
      const { down } = await import('@soloist/host/installation');
      await down(paths);
      if (!how.isTemporary) return;
      if (outcome === 'finished') await rm(paths.folder, { recursive: true, force: true });
      else output.message(`the demo's data folder is kept: ${paths.folder}`);
    },
  };
}
