import { execFile } from 'node:child_process';
import { open, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrokerBinary } from './binary.js';
import { portRange } from './broker.fixture.js';
import { cannotWrite, healthOf } from './network.js';
import { startBrokerServer, type BrokerServer } from './server.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const BLOCK = Buffer.alloc(65_536, 1);
let folder: string;
let server: BrokerServer | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-frozen-'));
  server = null;
  if (isRoot) await run('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=0700', 'tmpfs', folder]);
});
afterEach(async () => {
  await server?.stop();
  if (isRoot) await run('umount', [folder]).catch(() => run('umount', ['-l', folder]));
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<BrokerServer> {
  const from = portRange().from;
  server = await startBrokerServer({
    binary: await findBrokerBinary(),
    folder: join(folder, 'bus'),
    portRange: { from, to: from + 1_000 },
    conf: (ports, paths) => `listen: "127.0.0.1:${ports.client}"\nhttp: "127.0.0.1:${ports.monitoring}"\nlog_file: "${paths.logFile}"\njetstream { store_dir: "${paths.storeFolder}", sync_interval: always, max_file_store: 1GB }\n`,
  });
  return server;
}

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let size = BLOCK.length; size >= 1; ) {
      try {
        await handle.write(BLOCK, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    await handle.close();
  }
}

// A small file system of one's own is a right of root.
describe.skipIf(!isRoot)('a broker whose disk was full [G3] [G21]', () => {
  it('leaves no sequence behind that nothing was stored under, however it is stopped', async () => {
    await mkdir(join(folder, 'bus'), { mode: 0o700 });
    const first = await start();
    const connection = await connect({ servers: first.url });
    await (await jetstreamManager(connection)).streams.add({ name: 'EVENTS', subjects: ['evt.>'] });
    const ballast = join(folder, 'ballast');
    await fill(ballast);
    await expect(jetstream(connection).publish('evt.one', new Uint8Array(400), { timeout: 500 })).rejects.toThrow();
    await connection.close();
    await expect.poll(async () => cannotWrite(await healthOf(first.healthUrl)), { timeout: 10_000 }).toBe(true);
    await rm(ballast);
    await first.stop();

    const second = await start();
    const again = await connect({ servers: second.url });
    const { seq } = await jetstream(again).publish('evt.two', new Uint8Array(400));
    expect(seq).toBe(1);
    await again.close();
  });
});
