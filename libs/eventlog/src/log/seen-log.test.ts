/** A broker that comes back: with the log it had, with an older one, with another one. */
import { describe, expect, it } from 'vitest';
import { committed, draftOf, loopAddress, suspended } from '../conformance/drafts.js';
import type { Commit, LogConnection } from '../event-log.port.js';
import { createMemoryKeyTable } from '../memory/memory-key-table.js';
import { createMemoryLog, type MemoryLog } from '../memory/memory-log.js';
import type { Broker, IncomingMessage } from './broker.port.js';
import { logConnection } from './connection.js';
import { SeenLog } from './seen-log.js';

const KEYS = createMemoryKeyTable();
const RUN = 'one-run';

/** A connection whose broker can be taken away and replaced, as by a restart over another store. */
class Wire {
  private losses = 0;
  private receivers: ((message: IncomingMessage) => void)[] = [];
  readonly connection: LogConnection;

  constructor(
    private memory: MemoryLog,
    readsStreams = true,
  ) {
    const now = (): Broker => this.memory.broker.connect('ops');
    const broker: Broker = {
      publish: (message) => now().publish(message),
      last: (stream, subject) => now().last(stream, subject),
      range: (stream, filter, from, limit) => now().range(stream, filter, from, limit),
      lastSequence: (stream) => now().lastSequence(stream),
      consume: (_stream, _consumer, onMessage) => {
        this.receivers.push(onMessage);
        return Promise.resolve({ stop: () => Promise.resolve() });
      },
      close: () => Promise.resolve(),
    };
    this.connection = logConnection(new SeenLog(broker, { losses: () => this.losses, readsStreams }), 1, KEYS, 'writer');
  }

  comesBackWith(memory: MemoryLog): void {
    this.memory = memory;
    this.losses += 1;
  }

  /** `headersOnly`: as the broker wakes projections up, with the size in place of the body. */
  delivers(sequence: number, headersOnly = false): void {
    const stored = this.memory.broker.stored('EVENTS-0')[sequence - 1];
    const message = stored !== undefined && headersOnly ? { ...stored, headers: [...stored.headers, ['Nats-Msg-Size', String(stored.body.length)] as const], body: new Uint8Array() } : stored;
    if (message === undefined) throw new Error(`nothing is stored at ${sequence}`);
    const nothing = (): void => undefined;
    for (const receive of this.receivers) receive({ ...message, storedAtMs: 0, deliveryCount: 1, ack: nothing, retryIn: nothing, working: nothing, terminate: nothing });
  }
}

async function logOf(names: readonly ('recall' | 'effect')[]): Promise<MemoryLog> {
  const memory = createMemoryLog({ streams: 1, keys: KEYS });
  await writeOn(memory, names, null);
  return memory;
}

async function writeOn(memory: MemoryLog, names: readonly string[], after: Commit | null): Promise<Commit | null> {
  let last = after;
  for (const name of names) last = committed(await memory.log.append(draftOf(loopAddress(RUN), [suspended(name)], last)));
  return last;
}

const refused = { code: 'log.regressed' };

describe.each([true, false])('after a reconnect, reading streams: %s [G22]', (readsStreams) => {
  it('a wake-up without its body is not taken for the message', async () => {
    const memory = await logOf(['recall', 'effect']);
    const wire = new Wire(memory, readsStreams);
    const { log, deliveries } = wire.connection;
    await deliveries.consume('memory', 'reactors', () => undefined);
    wire.delivers(2, true);
    wire.comesBackWith(memory);
    expect((await log.head(loopAddress(RUN)))?.position.sequence).toBe(2);
  });

  it('the log that was seen is read, written and delivered as before', async () => {
    const memory = await logOf(['recall', 'effect']);
    const wire = new Wire(memory, readsStreams);
    const { log, deliveries } = wire.connection;
    const delivered: number[] = [];
    await deliveries.consume('runtime', 'reactors', ({ position }) => delivered.push(position.sequence));
    const head = await log.head(loopAddress(RUN));
    wire.comesBackWith(memory);
    wire.delivers(1);
    expect((await log.append(draftOf(loopAddress(RUN), [suspended('on')], head))).outcome).toBe('committed');
    await expect.poll(() => delivered).toEqual([1]);
  });

  it('a log that was cut is refused, to readers, writers and deliveries, also when it is written on later', async () => {
    const wire = new Wire(await logOf(['recall', 'effect']), readsStreams);
    const { log, deliveries } = wire.connection;
    const delivered: number[] = [];
    await deliveries.consume('runtime', 'reactors', ({ position }) => delivered.push(position.sequence));
    const head = await log.head(loopAddress(RUN));
    const cut = await logOf(['recall']);
    wire.comesBackWith(cut);
    wire.delivers(1);
    await expect(log.head(loopAddress(RUN))).rejects.toMatchObject(refused);
    await expect(log.append(draftOf(loopAddress(RUN), [suspended('on')], head))).rejects.toMatchObject(refused);
    await writeOn(cut, ['other', 'and-on'], await cut.log.head(loopAddress(RUN)));
    await expect(log.head(loopAddress(RUN))).rejects.toMatchObject(refused);
    expect(delivered).toEqual([]);
    expect(cut.broker.stored('EVENTS-0')).toHaveLength(3);
  });

  it('a log in which another message stands where one was seen is refused', async () => {
    const wire = new Wire(await logOf(['recall', 'effect']), readsStreams);
    await wire.connection.log.head(loopAddress(RUN));
    wire.comesBackWith(await logOf(['effect', 'recall']));
    await expect(wire.connection.log.head(loopAddress(RUN))).rejects.toMatchObject(refused);
  });

  it('what this connection wrote itself counts as seen', async () => {
    const wire = new Wire(await logOf([]), readsStreams);
    committed(await wire.connection.log.append(draftOf(loopAddress(RUN), [suspended('mine')], null)));
    wire.comesBackWith(await logOf([]));
    await expect(wire.connection.log.head(loopAddress(RUN))).rejects.toMatchObject(refused);
  });
});

it('a log that was cut and written on past what was seen is refused to whoever reads streams [G22]', async () => {
  const wire = new Wire(await logOf(['recall', 'effect']));
  await wire.connection.log.head(loopAddress(RUN));
  wire.comesBackWith(await logOf(['recall', 'recall', 'recall', 'effect']));
  await expect(wire.connection.log.head(loopAddress(RUN))).rejects.toMatchObject(refused);
});
