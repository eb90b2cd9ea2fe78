/**
 * The end of a broker that failed to write (GUARANTEES G21).
 *
 * nats-server counts a stream on before it stores, and keeps the count when storing fails; what it then writes down as the
 * state of the stream, at a graceful end and every two minutes, skips a sequence that nothing was ever stored under. To
 * whoever checks the log such a hole is a commit that was cut out.
 *
 * I1 such a broker is killed, and the states of its event streams are thrown away: it then goes by what its blocks hold
 * I2 only event streams: nothing is ever removed from them, so that their blocks tell everything
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const EVENT_STREAMS = /^EVENTS(-\d+)?$/;
const STATE_FILE = join('msgs', 'index.db');

/** @param storeFolder JetStream's own, of a broker that has ended */
export async function forgetStates(storeFolder: string): Promise<void> {
  const accounts = join(storeFolder, 'jetstream');
  for (const account of await namesIn(accounts)) {
    const streams = join(accounts, account, 'streams');
    for (const stream of await namesIn(streams)) if (EVENT_STREAMS.test(stream)) await rm(join(streams, stream, STATE_FILE), { force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
}
