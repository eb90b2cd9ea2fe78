/** Bus and database: what the services stand on. Both start at once; neither needs the other. */
import { secondsSince } from '../progress.js';
import type { HostPaths } from '../paths.js';
import type { UpOptions } from '../up-options.js';
import { startBus, type Bus } from './bus.js';
import { externalDatabase, startDatabase, type Database } from './database.js';

export interface Foundations {
  readonly bus: Bus;
  readonly database: Database;
}

/** `meanwhile` runs beside them. Whatever did start is handed to `onStarted` even when something else fails. */
export async function startFoundations(
  options: UpOptions,
  paths: HostPaths,
  onStarted: (stop: () => Promise<void>) => void,
  meanwhile: Promise<void>,
): Promise<Foundations> {
  const { environment, report } = options;
  const started = performance.now();
  const bus = startBus(paths, environment).then((part) => {
    onStarted(() => part.stop());
    report({ type: 'part.ready', part: 'bus', what: `nats-server ${part.version}`, at: part.address, isOurs: part.pid !== null, seconds: secondsSince(started) });
    return part;
  });
  const database = openDatabase(environment['SOLOIST_POSTGRES_URL'] ?? '', paths).then((part) => {
    onStarted(() => part.stop());
    const what = part.pid === null ? 'PostgreSQL' : `PostgreSQL ${part.version} (embedded)`;
    report({ type: 'part.ready', part: 'database', what, at: part.address, isOurs: part.pid !== null, seconds: secondsSince(started) });
    return part;
  });
  // All must be settled before anything is undone, or a part could start after its undoing.
  await Promise.allSettled([bus, database, meanwhile]);
  await meanwhile;
  return { bus: await bus, database: await database };
}

async function openDatabase(external: string, paths: HostPaths): Promise<Database> {
  return external === '' ? startDatabase(paths, null) : externalDatabase(external);
}
