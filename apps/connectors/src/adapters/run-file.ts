/** Where the running connectors tell others on this machine how to reach them. */
import { mkdir, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceDurably } from '@soloist/eventlog/durable-file';
import { z } from 'zod';

export const ConnectorsRun = z.object({ smtpHost: z.string(), smtpPort: z.int().min(1).max(65_535) });
export type ConnectorsRun = z.output<typeof ConnectorsRun>;

export function connectorsRunFile(dataFolder: string): string {
  return join(dataFolder, 'run', 'connectors.json');
}

export async function writeConnectorsRun(dataFolder: string, run: ConnectorsRun): Promise<void> {
  const file = connectorsRunFile(dataFolder);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceDurably(file, `${JSON.stringify(run)}\n`);
}

/** Null when the connectors are not running (or have left no word). @throws Error when the file is damaged */
export async function readConnectorsRun(dataFolder: string): Promise<ConnectorsRun | null> {
  const file = connectorsRunFile(dataFolder);
  try {
    return ConnectorsRun.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file} is damaged; stop Soloist, remove the file and start again.`, { cause: error });
  }
}

export async function removeConnectorsRun(dataFolder: string): Promise<void> {
  await unlink(connectorsRunFile(dataFolder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
