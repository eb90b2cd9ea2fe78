/** Services stay up while the broker goes and comes back: with its store, and with an older one in its place. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyEvent, Context } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { headOf } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let broker: TestBroker;
let copies: string;
const connections: LogConnection[] = [];
const address = { context: 'runtime' as const, entity: 'loop', key: 'one-run' };

beforeAll(async () => {
  copies = await mkdtemp(join(tmpdir(), 'soloist-reconnect-'));
  broker = await startBroker({ streams: 1 });
}, 120_000);
afterAll(async () => {
  await Promise.allSettled(connections.map((connection) => connection.close()));
  await broker.stop();
  await rm(copies, { recursive: true, force: true });
}, 60_000);

async function connect(service: Context): Promise<LogConnection> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: service });
  connections.push(connection);
  return connection;
}

async function write({ log }: LogConnection, id: string): Promise<string> {
  const head = await log.head(address);
  const events: AnyEvent[] = [{ type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id } }];
  const { outcome } = await log.append({ address, id: derivedId('said', id), cause: null, actor: 'test', policy: null, at: '2026-01-02T03:04:05.000Z', traceparent: null, events, after: head === null ? null : headOf(head), snapshot: false });
  return outcome;
}

const store = (): string => join(broker.folder, 'broker', 'js');
/** Not before the client has noticed: what is asked while it is away is a passing fault. */
const settled = async (ask: () => Promise<unknown>): Promise<unknown> => {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask().then((value) => ({ value }), (error: unknown) => ({ error: (error as { code?: string }).code }));
    if ('value' in answer || answer.error === 'log.regressed' || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('a service whose broker was killed', () => {
  it('goes on with the log it knows, and refuses an older one, whatever rights it has [G22]', async () => {
    const [runtime, connectors] = [await connect('runtime'), await connect('connectors')];
    expect(await write(runtime, 'first')).toBe('committed');
    await connectors.log.head(address);
    await broker.kill9();
    await cp(store(), join(copies, 'older'), { recursive: true });
    await broker.restart();
    expect(await settled(() => write(runtime, 'second'))).toEqual({ value: 'committed' });
    expect(await settled(() => connectors.log.head(address))).toMatchObject({ value: { position: { sequence: 2 } } });
    await broker.kill9();
    await rm(store(), { recursive: true });
    await cp(join(copies, 'older'), store(), { recursive: true });
    await broker.restart();
    expect(await settled(() => write(runtime, 'third'))).toEqual({ error: 'log.regressed' });
    expect(await settled(() => connectors.log.head(address))).toEqual({ error: 'log.regressed' });
    // Whoever comes new has seen nothing; the checks of the start are what stops it there.
    const fresh = await connect('runtime');
    expect((await fresh.log.head(address))?.position.sequence).toBe(1);
  }, 120_000);
});
