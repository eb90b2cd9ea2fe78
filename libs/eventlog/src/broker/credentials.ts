/**
 * The broker identities: one Ed25519 nkey per user, made at first start, kept as a seed file each.
 *
 * I1 a seed file has mode 0600 in a folder of mode 0700; a wider file is refused, for it may have been read
 * I2 a seed is never printed and stands in no error
 * I3 a file is made once: of two processes that start together, one writes and both read the same seed
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSeed, createUser } from '@nats-io/nkeys';
import { Fault } from '@soloist/kernel';
import { writeOnce } from '../durable-file.js';
import { BROKER_USERS, type BrokerUser } from './manifest.js';

export interface Credentials {
  readonly folder: string;
  readonly publicKeys: Readonly<Record<BrokerUser, string>>;
  /** The seed file of a user, to be handed to the process of that user alone. */
  seedFile(user: BrokerUser): string;
}

/** Opens the folder of seeds and makes the ones that are missing. @throws Fault unauthorized on wide modes · invalid on bad content */
export async function openCredentials(folder: string): Promise<Credentials> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseWide(folder);
  const entries = await Promise.all(
    BROKER_USERS.map(async (user) => {
      const file = seedPath(folder, user);
      if ((await stat(file).catch(() => null)) === null) await writeOnce(file, createUser().getSeed());
      return [user, fromSeed(await readSeed(file)).getPublicKey()] as const;
    }),
  );
  return {
    folder,
    publicKeys: Object.fromEntries(entries) as Record<BrokerUser, string>,
    seedFile: (user) => seedPath(folder, user),
  };
}

/** @throws Fault unauthorized when the mode is too wide or the file is missing · invalid when it holds no user seed */
export async function readSeed(file: string): Promise<Uint8Array> {
  await refuseWide(file);
  const seed = new Uint8Array(await readFile(file));
  try {
    if (!fromSeed(seed).getPublicKey().startsWith('U')) throw new TypeError('not a user');
  } catch {
    throw new Fault('invalid', 'seed-unreadable', `${file} holds no user seed. Restore it from a backup, or delete it and start again to get a new one.`);
  }
  return seed;
}

function seedPath(folder: string, user: BrokerUser): string {
  return join(folder, `${user}.nk`);
}

async function refuseWide(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new Fault('unauthorized', 'seed-missing', `${path} is missing. Start the broker once, or restore the file from a backup.`);
  const mode = found.mode & 0o777;
  if ((mode & 0o077) === 0) return;
  const wanted = found.isDirectory() ? '700' : '600';
  throw new Fault(
    'unauthorized',
    'seed-exposed',
    `${path} has mode ${mode.toString(8).padStart(3, '0')}, so other users of this machine may have read it. ` +
      `Run: chmod ${wanted} ${path}; if others use this machine, delete the seed files and start again to get new ones.`,
  );
}
