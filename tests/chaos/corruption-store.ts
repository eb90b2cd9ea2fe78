/**
 * A broker's store that is damaged while it does not run, and looked at again at the next start: by the checks of the
 * start itself, then by the verifier. Each change is made to a fresh copy of a store that was whole.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyEvent } from '@soloist/contracts';
import { connectLog, derivedId, type StoredMessage } from '@soloist/eventlog';
import { openLiveLog, recordedHeads, recordVerified, type LogCheckReport } from '@soloist/eventlog/verify';
import { isFault } from '@soloist/kernel';
import { headOf } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { flipped, type Draw } from './corruption-changes.js';

const ENTITIES = 10;
const COMMITS = 12;
export const STREAMS = 1;
/** Stores to begin with: the true one, half of it, its half gone on otherwise, a stranger's. */
type Copy = 'whole' | 'older' | 'reused' | 'recreated';

/** What came to light, null when nothing did and the log is another. */
export type Seen = { readonly kind: 'detected' | 'harmless'; readonly by: string } | null;

export class DamagedStore {
  private constructor(
    private readonly broker: TestBroker,
    private readonly copies: string,
    readonly messages: readonly StoredMessage[],
  ) {}

  static async open(): Promise<DamagedStore> {
    const copies = await mkdtemp(join(tmpdir(), 'soloist-damage-'));
    const broker = await startBroker({ streams: STREAMS });
    const keep = async (name: Copy): Promise<void> => {
      await broker.kill9();
      await cp(storeOf(broker), join(copies, name), { recursive: true });
    };
    await write(broker, 'one', 0, COMMITS / 2);
    await keep('older');
    await broker.restart();
    // As long as the true one and of the same entities, but another story: its sequences are used a second time.
    await write(broker, 'other', COMMITS / 2, COMMITS + 1);
    await keep('reused');
    await putBack(broker, copies, 'older');
    await broker.restart();
    await write(broker, 'one', COMMITS / 2, COMMITS);
    await broker.recordHeads();
    const log = await openLog(broker);
    const messages: StoredMessage[] = [];
    for await (const page of log.pages()) messages.push(...page);
    await recordVerified(broker.keepFolder, await log.check(broker.keys, await recordedHeads(broker.keepFolder)));
    await log.close();
    await keep('whole');
    await recreate(copies);
    return new DamagedStore(broker, copies, messages);
  }

  get keepFolder(): string {
    return this.broker.keepFolder;
  }

  async close(): Promise<void> {
    await this.broker.kill9().catch(() => undefined);
    await this.broker.stop();
    await rm(this.copies, { recursive: true, force: true });
  }

  /** Damages a fresh copy, starts the broker over it and says what was noticed. */
  async attempt(kind: StoreChange, draw: Draw): Promise<Seen> {
    await this.broker.kill9().catch(() => undefined);
    await putBack(this.broker, this.copies, STORE_COPY[kind] ?? 'whole');
    await CHANGES[kind](join(storeOf(this.broker), 'jetstream', 'CORE', 'streams', 'EVENTS-0'), draw, join(this.copies, 'older', 'jetstream', 'CORE', 'streams', 'EVENTS-0'));
    try {
      await this.broker.restart();
      await this.broker.bootstrap();
    } catch (error) {
      if (isFault(error)) return { kind: 'detected', by: `start: ${error.code}` };
      throw error;
    }
    return this.look();
  }

  private async look(): Promise<Seen> {
    const log = await openLog(this.broker);
    try {
      const report: LogCheckReport = await log.check(this.broker.keys, await recordedHeads(this.broker.keepFolder));
      if (!report.isWhole) return { kind: 'detected', by: `verify: ${report.findings[0]?.check ?? 'broken'}` };
      const found: StoredMessage[] = [];
      for await (const page of log.pages()) found.push(...page);
      return digestOf(found) === digestOf(this.messages) ? { kind: 'harmless', by: 'every byte that is read is the same' } : null;
    } finally {
      await log.close();
    }
  }
}

const CHANGES = {
  'blk-bit-flip': async (stream, draw) => onBlock(stream, draw, async (file) => writeFile(file, flipped(await readFile(file), draw))),
  'blk-tail-cut': async (stream, draw) => onBlock(stream, draw, async (file) => truncate(file, draw((await stat(file)).size))),
  'blk-deleted': async (stream, draw) => onBlock(stream, draw, (file) => rm(file)),
  'index-swapped': (stream, _draw, older) => cp(join(older, 'msgs', 'index.db'), join(stream, 'msgs', 'index.db'), { force: true }).catch(() => rm(join(stream, 'msgs', 'index.db'), { force: true })),
  'index-and-bit': async (stream, draw) => {
    await rm(join(stream, 'msgs', 'index.db'), { force: true });
    await onBlock(stream, draw, async (file) => writeFile(file, flipped(await readFile(file), draw)));
  },
  'blocks-rolled-back': (stream, _draw, older) => cp(join(older, 'msgs'), join(stream, 'msgs'), { recursive: true, force: true }),
  'messages-gone': (stream) => rm(join(stream, 'msgs'), { recursive: true }),
  'stream-gone': (stream) => rm(stream, { recursive: true }),
  'rolled-back': () => Promise.resolve(),
  'sequences-reused': () => Promise.resolve(),
  'stream-recreated': () => Promise.resolve(),
} satisfies Record<string, (stream: string, draw: Draw, older: string) => Promise<void>>;
export type StoreChange = keyof typeof CHANGES;

const STORE_COPY: Partial<Record<StoreChange, Copy>> = { 'rolled-back': 'older', 'sequences-reused': 'reused', 'stream-recreated': 'recreated' };
/** Damage that depends on a draw comes more often than what is always the same. */
export const STORE_CHANGES: readonly StoreChange[] = [...(Object.keys(CHANGES) as StoreChange[]), 'blk-bit-flip', 'blk-bit-flip', 'blk-bit-flip', 'blk-tail-cut', 'blk-tail-cut', 'index-and-bit', 'index-and-bit'];

async function onBlock(stream: string, draw: Draw, change: (file: string) => Promise<void>): Promise<void> {
  const blocks = (await readdir(join(stream, 'msgs'))).filter((name) => name.endsWith('.blk')).sort();
  await change(join(stream, 'msgs', blocks[draw(blocks.length)] ?? ''));
}

function digestOf(messages: readonly StoredMessage[]): string {
  const hash = createHash('sha256');
  for (const { stream, sequence, subject, headers, body } of messages) hash.update(JSON.stringify([stream, sequence, subject, headers])).update(body);
  return hash.digest('hex');
}

const storeOf = (broker: TestBroker): string => join(broker.folder, 'broker', 'js');

async function putBack(broker: TestBroker, copies: string, copy: Copy): Promise<void> {
  await rm(storeOf(broker), { recursive: true, force: true });
  await mkdir(storeOf(broker), { recursive: true });
  await cp(join(copies, copy), storeOf(broker), { recursive: true });
}

/** A store of another installation with as many messages of the same subjects. */
async function recreate(copies: string): Promise<void> {
  const another = await startBroker({ streams: STREAMS });
  try {
    await write(another, 'stranger', 0, COMMITS + 1);
    await another.kill9();
    await cp(storeOf(another), join(copies, 'recreated'), { recursive: true });
  } finally {
    await another.stop();
  }
}

const openLog = (broker: TestBroker): ReturnType<typeof openLiveLog> => openLiveLog({ servers: broker.url, seedFile: broker.seedFile('replay'), streams: broker.streams, name: 'corruption' });

async function write(broker: TestBroker, story: string, from: number, to: number): Promise<void> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile('runtime'), service: 'runtime', streams: broker.streams, keys: broker.keys, name: 'corruption' });
  for (let round = from; round < to; round += 1) {
    for (let entity = 0; entity < ENTITIES; entity += 1) {
      const address = { context: 'runtime' as const, entity: 'loop', key: `run-${entity}` };
      const event: AnyEvent = { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `${story}-${round}` } };
      const head = await connection.log.head(address);
      const draft = { address, id: derivedId(story, `${entity}-${round}`), cause: null, actor: 'test', policy: null, at: '2026-01-02T03:04:05.000Z', traceparent: null, events: [event], snapshot: false };
      const { outcome } = await connection.log.append({ ...draft, after: head === null ? null : headOf(head) });
      if (outcome !== 'committed') throw new Error(`commit ${round} of run-${entity} was refused`);
    }
  }
  await connection.close();
}
