/** Wherever a stream is cut, what is heard before and after is the whole, once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventIdOf, type MemoryLog } from '@soloist/eventlog';
import { beginningOf, cursorOf, type Cursor } from './cursor.js';
import { HandRounds, mixed, readOn, remind, runOf, silent, streamLog } from './stream-log.fixture.js';
import { Tail } from './tail.js';

type Written = { readonly kind: 'remind'; readonly run: number; readonly count: number } | { readonly kind: 'silent' | 'mixed'; readonly run: number };

const run = fc.integer({ min: 0, max: 5 });
const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({ kind: fc.constant('remind' as const), run, count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constantFrom('silent' as const, 'mixed' as const), run }),
);

function put(log: MemoryLog, one: Written): Promise<void> {
  const runId = runOf(one.run);
  if (one.kind === 'remind') return remind(log, runId, one.count);
  return one.kind === 'silent' ? silent(log, runId) : mixed(log, runId);
}

/** What should be heard, read another way: gate histories, in order for each run. */
async function wholeOf(log: MemoryLog): Promise<ReadonlyMap<string, readonly string[]>> {
  const whole = new Map<string, readonly string[]>();
  for (let number = 0; number <= 5; number += 1) {
    const commits = await log.log.history({ context: 'governance', entity: 'gate', key: runOf(number) });
    whole.set(runOf(number), commits.flatMap((commit) => commit.events.flatMap(({ type }, index) => (type.endsWith('review-asked') ? [] : [eventIdOf(commit.id, index)]))));
  }
  return whole;
}

/** Governance at another time or in another place: nothing but the log in common. */
const elsewhere = (log: MemoryLog): Tail => new Tail(log.connect('governance').log, new HandRounds());
const cursorFrom = (token: string, { log }: MemoryLog): Cursor => {
  const cursor = cursorOf(token, log.streams);
  if (cursor === null) throw new Error('a token of ours was not read');
  return cursor;
};
const idsOf = (heard: readonly { notice: { id: string } }[]): readonly string[] => heard.map(({ notice }) => notice.id);

describe('resuming', () => {
  test('at every point of the whole, by another replica, misses nothing and says nothing twice', async () => {
    const cuts = { tried: 0, inside: 0 };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1 as const, 2 as const, 8 as const), fc.array(written, { minLength: 1, maxLength: 12 }), async (streams, commits) => {
        const log = streamLog(streams);
        for (const one of commits) await put(log, one);
        const expected = [...(await wholeOf(log)).values()].flat();
        const { heard } = await readOn(elsewhere(log), beginningOf(streams));
        expect(idsOf(heard).toSorted()).toEqual([...expected].sort());
        for (const [index, { token }] of heard.entries()) {
          const cursor = cursorFrom(token, log);
          const rest = await readOn(elsewhere(log), cursor);
          expect([...idsOf(heard.slice(0, index + 1)), ...idsOf(rest.heard)].sort()).toEqual([...expected].sort());
          cuts.tried += 1;
          if (cursor.some(({ taken }) => taken > 0)) cuts.inside += 1;
        }
      }),
      { numRuns: 40 },
    );
    expect(cuts.tried).toBeGreaterThan(100);
    expect(cuts.inside).toBeGreaterThan(50);
  });

  test('while the log grows, cut again and again by replicas that know its end or do not, hears each run in its order', async () => {
    let notices = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ commits: fc.array(written, { maxLength: 5 }), most: fc.integer({ min: 1, max: 5 }), replica: fc.nat({ max: 1 }), looks: fc.boolean() }), { minLength: 2, maxLength: 12 }), async (turns) => {
        const log = streamLog(2);
        const rounds = [new HandRounds(), new HandRounds()];
        const tails = rounds.map((own) => new Tail(log.connect('governance').log, own));
        for (const tail of tails) tail.join(() => undefined);
        let cursor = beginningOf(2);
        const heard: string[] = [];
        const byRun = new Map<string, string[]>();
        const note = (result: Awaited<ReturnType<typeof readOn>>): void => {
          for (const { notice } of result.heard) {
            heard.push(notice.id);
            const { runId } = notice.data as { runId: string };
            byRun.set(runId, [...(byRun.get(runId) ?? []), notice.id]);
          }
          cursor = cursorFrom(result.token, log);
        };
        for (const { commits, most, replica, looks } of turns) {
          for (const one of commits) await put(log, one);
          if (looks) await rounds[replica]?.make();
          note(await readOn(tails[replica] as Tail, cursor, most));
        }
        note(await readOn(elsewhere(log), cursor));
        expect(new Set(heard).size).toBe(heard.length);
        for (const [runId, ids] of await wholeOf(log)) expect(byRun.get(runId) ?? []).toEqual(ids);
        notices += heard.length;
      }),
      { numRuns: 60 },
    );
    expect(notices).toBeGreaterThan(500);
  });

  test('with a filter hears exactly those, and its token is beyond all that it did not ask for', async () => {
    const log = streamLog(2);
    for (let number = 0; number < 6; number += 1) {
      await mixed(log, runOf(number));
      await remind(log, runOf(number), 3);
    }
    const { heard, token } = await readOn(elsewhere(log), beginningOf(2), Infinity, new Set(['gate.escalated']));
    expect(heard).toHaveLength(12);
    expect(new Set(heard.map(({ notice }) => notice.type))).toEqual(new Set(['gate.escalated']));
    expect((await readOn(elsewhere(log), cursorFrom(token, log))).heard).toEqual([]);
    for (const cut of heard) expect((await readOn(elsewhere(log), cursorFrom(cut.token, log), Infinity, new Set(['gate.escalated']))).heard).toHaveLength(11 - heard.indexOf(cut));
  });

  test('I3 a token of a log that was cut and grew again is not held, one of this log is', async () => {
    const [log, other] = [streamLog(1), streamLog(1)];
    for (let number = 0; number < 4; number += 1) await remind(log, runOf(number), 1);
    for (let number = 0; number < 4; number += 1) await remind(other, runOf(number), 2);
    const { token } = await readOn(elsewhere(log), beginningOf(1));
    expect(await elsewhere(log).holds(cursorFrom(token, log))).toBe(true);
    expect(await elsewhere(other).holds(cursorFrom(token, other))).toBe(false);
    expect(await elsewhere(streamLog(1)).holds(cursorFrom(token, log))).toBe(false);
  });
});
