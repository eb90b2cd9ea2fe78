/**
 * The in-memory twin and nats-server are asked the same questions in the same order, drawn at random, and must give the
 * same answers. Sequences and hashes differ between the two, so each is compared by its place among the commits of the round.
 */
import { streamOfKey, type Address } from '@soloist/contracts';
import { connectLog, createMemoryKeyTable, createMemoryLog, type Commit, type CommitDraft, type EventLog, type LogConnection } from '@soloist/eventlog';
import { draftOf, gateAddress, loopAddress, newKey, suspended } from '@soloist/eventlog/conformance';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBroker, type TestBroker } from './broker.js';

const STREAMS = 2;
let broker: TestBroker;
let real: LogConnection;

beforeAll(async () => {
  broker = await startBroker({ streams: STREAMS });
  real = await connectLog({ servers: broker.url, seedFile: broker.seedFile('ops'), service: 'ops', streams: STREAMS, keys: createMemoryKeyTable(), name: 'differential' });
});
afterAll(async () => {
  await real.close();
  await broker.stop();
});

type Operation =
  | { readonly do: 'append'; readonly entity: number; readonly saw: 'head' | 'before' | 'nothing'; readonly fence: 'none' | 'episode' | 'subject'; readonly lag: number; readonly snapshot: boolean }
  | { readonly do: 'repeat' }
  | { readonly do: 'head' | 'read' | 'history' | 'episode'; readonly entity: number };

const entity = fc.integer({ min: 0, max: 2 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      entity,
      saw: fc.constantFrom('head' as const, 'head' as const, 'head' as const, 'before' as const, 'nothing' as const),
      fence: fc.constantFrom('none' as const, 'none' as const, 'episode' as const, 'subject' as const),
      lag: fc.constantFrom(0, 0, 1),
      snapshot: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('head' as const, 'read' as const, 'history' as const, 'episode' as const), entity }) },
);

/** One log in one round: what it was told, what it answered, and the names of its sequences. */
class Round {
  readonly #log: EventLog;
  readonly #addresses: readonly Address[];
  readonly #written: Commit[] = [];
  #lastDraft: CommitDraft | null = null;

  constructor(log: EventLog, addresses: readonly Address[]) {
    this.#log = log;
    this.#addresses = addresses;
  }

  async perform(asked: Operation, id: string): Promise<unknown> {
    try {
      if (asked.do === 'append') return await this.#append(this.#draft(asked, id));
      if (asked.do === 'repeat') return this.#lastDraft === null ? null : await this.#append(this.#lastDraft);
      const address = this.#address(asked.entity);
      if (asked.do === 'head') return this.#plain(await this.#log.head(address));
      if (asked.do === 'episode') return (await this.#log.episode(address.key)).map((commit) => this.#plain(commit));
      return (await this.#log[asked.do](address)).map((commit) => this.#plain(commit));
    } catch (error) {
      const { kind, code } = error as { kind?: string; code?: string };
      if (code === undefined) throw error;
      return { kind, code };
    }
  }

  async #append(draft: CommitDraft): Promise<unknown> {
    this.#lastDraft = draft;
    const answer = await this.#log.append(draft);
    if (answer.outcome === 'conflict') return { outcome: 'conflict', last: this.#place(answer.lastSequence) };
    if (!this.#written.some((commit) => commit.hash === answer.commit.hash)) this.#written.push(answer.commit);
    return { outcome: 'committed', commit: this.#plain(answer.commit) };
  }

  #draft(asked: Extract<Operation, { do: 'append' }>, id: string): CommitDraft {
    const address = this.#address(asked.entity);
    const own = this.#written.filter((commit) => commit.address.entity === address.entity && commit.address.key === address.key);
    const after = asked.saw === 'nothing' ? null : (own.at(asked.saw === 'head' ? -1 : -2) ?? null);
    const episode = this.#written.filter((commit) => commit.address.key === address.key);
    const guarded = this.#address(2);
    const guards = this.#written.filter((commit) => commit.address.key === guarded.key);
    const fence =
      asked.fence === 'none'
        ? {}
        : asked.fence === 'episode'
          ? { fence: { kind: 'episode', runId: address.key, sequence: sequenceOf(episode, asked.lag) } as const }
          : { fence: { kind: 'subject', address: guarded, sequence: sequenceOf(guards, asked.lag) } as const };
    const events = address.entity === 'loop' ? [suspended(id)] : [{ type: 'governance.gate.refused', data: { effectId: id, generation: 1, code: 'c', because: 'b' } }];
    return draftOf(address, events, after, { id, cause: id, snapshot: asked.snapshot, ...fence });
  }

  #address(index: number): Address {
    const address = this.#addresses[index];
    if (address === undefined) throw new RangeError(`no entity ${index}`);
    return address;
  }

  #plain(commit: Commit | null): unknown {
    if (commit === null) return null;
    const { position, from, hash, prev, ...rest } = commit;
    return { ...rest, stream: position.stream, place: this.#place(position.sequence), from: this.#place(from), hash: this.#named(hash), prev: this.#named(prev) };
  }

  /** Hashes cover who wrote, which differs between the two logs; the commit one names must be the same. */
  #named(hash: string | null): number | null {
    return hash === null ? null : this.#written.findIndex((commit) => commit.hash === hash);
  }

  #place(sequence: number | null): number | null {
    return sequence === null ? null : this.#written.findIndex((commit) => commit.position.sequence === sequence);
  }
}

function sequenceOf(commits: readonly Commit[], lag: number): number {
  return commits.at(-1 - lag)?.position.sequence ?? 0;
}

describe('the in-memory log and nats-server', () => {
  it('answer alike to whatever is asked, in whatever order [G4] [G5]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30 }), async (operations) => {
        const run = newKey();
        const addresses = [loopAddress(run), gateAddress(run), loopAddress(keyBeside(run))];
        const twin = createMemoryLog({ streams: STREAMS, keys: createMemoryKeyTable() });
        const [left, right] = [new Round(twin.log, addresses), new Round(real.log, addresses)];
        for (const [index, asked] of operations.entries()) {
          const id = `${run}-${index}`;
          expect(await right.perform(asked, id), JSON.stringify(asked)).toEqual(await left.perform(asked, id));
        }
      }),
      { numRuns: 40 },
    );
  });
});

function keyBeside(key: string): string {
  for (;;) {
    const candidate = newKey();
    if (streamOfKey(candidate, STREAMS) === streamOfKey(key, STREAMS)) return candidate;
  }
}
