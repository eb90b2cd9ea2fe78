/** Finding PostgreSQL: what may be said about its address, and patience while it starts. */
import { setTimeout as delay } from 'node:timers/promises';
import { Fault, isFault } from '@soloist/kernel';
import type { Logger } from '@soloist/telemetry';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** `where` is host, port and database: all of a URL that may stand in a message. */
export function targetOf(url: string): { readonly where: string } {
  const parsed = URL.parse(url);
  if (parsed === null || !['postgresql:', 'postgres:'].includes(parsed.protocol) || parsed.hostname === '' || parsed.pathname.length < 2) {
    throw new Fault('invalid', 'projection.url-invalid', 'SOLOIST_POSTGRES_URL must read postgresql://user:password@host:port/database');
  }
  return { where: `${parsed.hostname}:${parsed.port === '' ? '5432' : parsed.port}${parsed.pathname}` };
}

/** Repeats `probe` while it fails for passing reasons. @throws Fault transient after `withinMs` · what `probe` throws otherwise */
export async function connectWithin(probe: () => Promise<unknown>, where: string, withinMs: number, logger: Logger): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await probe();
      return;
    } catch (error) {
      if (!isFault(error) || error.kind !== 'transient') throw error;
      if (performance.now() + pause > deadline) {
        throw new Fault(
          'transient',
          'projection.postgres-unreachable',
          `PostgreSQL at ${where} did not answer within ${withinMs} ms (${error.message}). Start it, or correct SOLOIST_POSTGRES_URL, then start again.`,
        );
      }
      if (pause === FIRST_PAUSE_MS) logger.info(`waiting for PostgreSQL at ${where}`);
      await delay(pause);
    }
  }
}
