/**
 * Where everything of one installation lies: one folder, so that deleting it is starting over.
 *
 * I1 the folder and all that hold secrets have mode 0700
 * I2 the keep lies beside the log, never inside it: it tells a whole log from a truncated one
 */
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HostError, messageOf } from './host-error.js';

export interface HostPaths {
  readonly folder: string;
  readonly lock: string;
  readonly keep: string;
  readonly secrets: string;
  readonly bus: string;
  readonly database: string;
  readonly mailbox: string;
  /** State of the running instance and its logs; worth nothing once it has ended. */
  readonly run: string;
  readonly instance: string;
  readonly hostLog: string;
  readonly databaseLog: string;
  readonly apiToken: string;
  readonly databasePassword: string;
}

export function hostPaths(folder: string): HostPaths {
  const at = resolve(folder);
  const run = join(at, 'run');
  const secrets = join(at, 'secrets');
  return {
    folder: at,
    lock: join(at, 'lock'),
    keep: join(at, 'keep'),
    secrets,
    bus: join(at, 'bus'),
    database: join(at, 'pg'),
    mailbox: join(at, 'mailbox'),
    run,
    instance: join(run, 'host.json'),
    hostLog: join(run, 'host.log'),
    databaseLog: join(run, 'postgres.log'),
    apiToken: join(secrets, 'api-token'),
    databasePassword: join(secrets, 'postgres-password'),
  };
}

/** The data folder an environment asks for. */
export function dataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const wanted = environment['SOLOIST_DATA_DIR'];
  return resolve(wanted === undefined || wanted === '' ? '.soloist' : wanted);
}

/** Makes the folders, or narrows them when they are wider than they should be. @throws HostError */
export async function makeFolders(paths: HostPaths): Promise<void> {
  try {
    for (const folder of [paths.folder, paths.keep, paths.secrets, paths.run]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // An existing folder keeps its mode; a folder copied from a backup is often readable by all.
      if (((await stat(folder)).mode & 0o777) !== 0o700) await chmod(folder, 0o700);
    }
  } catch (error) {
    throw new HostError(
      'host.folder-unusable',
      `the data folder ${paths.folder} cannot be used: ${messageOf(error)}`,
      'make it writable for this user, or set SOLOIST_DATA_DIR to another folder',
      { cause: error },
    );
  }
}
