/**
 * As whom PostgreSQL runs. It refuses to run as root, yet our data folder is open to its owner alone and a clone under
 * /root can be entered by nobody else. So under root it runs as an unprivileged user that keeps one right: to pass
 * through folders. It keeps no other right of root, and its own account in the database is not a superuser either.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HostError } from '../host-error.js';

export interface DatabaseIdentity {
  /** Owner of the database's files; null: whoever we are. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Words to put before the program. */
  readonly prefix: readonly string[];
}

const run = promisify(execFile);
const PASSING_RIGHTS = ['dac_read_search', 'dac_override'] as const;

/** @throws HostError when root cannot be left */
export async function databaseIdentity(): Promise<DatabaseIdentity> {
  if (process.getuid?.() !== 0) return { owner: null, prefix: [] };
  const owner = (await userIds('postgres')) ?? (await userIds('nobody'));
  if (owner !== null) {
    for (const right of PASSING_RIGHTS) {
      const prefix = prefixFor(owner, right);
      // Containers often lack the first right: ask instead of guessing.
      const works = await run(prefix[0] ?? '', [...prefix.slice(1), 'true']).then(() => true, () => false);
      if (works) return { owner, prefix };
    }
  }
  throw new HostError(
    'host.database-failed',
    'PostgreSQL refuses to run as root, and this machine has no way to start it as another user (setpriv and a user postgres or nobody are needed)',
    'run Soloist as an ordinary user, or set SOLOIST_POSTGRES_URL to a database of yours',
  );
}

function prefixFor({ uid, gid }: { uid: number; gid: number }, right: string): readonly string[] {
  const only = `-all,+${right}`;
  return ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', `--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`];
}

async function userIds(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // no such user
  }
}
