/** The unpleasant facts of the broker, one by one, where they can be called up at will. */
import { DELIVERY, eventStreamName, type StreamCount } from '@soloist/contracts';
import { describe, expect, it } from 'vitest';
import { committed, draftOf, haltAddress, halted, loopAddress, newKey, suspended, writeHistory } from '../conformance/drafts.js';
import type { Delivery } from '../event-log.port.js';
import type { MemoryFaults } from './memory-broker.js';
import { createMemoryLog, type MemoryLog } from './memory-log.js';
import type { Scheduler } from './scheduler.js';

type PublishFault = ReturnType<NonNullable<MemoryFaults['publish']>>;

function logWith(publishes: readonly PublishFault[], more: MemoryFaults = {}, streams: StreamCount = 2): MemoryLog {
  const next = [...publishes];
  return createMemoryLog({ streams, faults: { publish: () => next.shift() ?? 'none', ...more } });
}

describe('append, when a publish goes wrong', () => {
  it('[G5] lost before it was stored: sent once more, one copy', async () => {
    const { log } = logWith(['lose-message']);
    const draft = draftOf(loopAddress(), [suspended('a')], null);
    expect((await log.append(draft)).outcome).toBe('committed');
    expect(await log.history(draft.address)).toHaveLength(1);
  });

  it('[G5] lost twice: unknown, and the next attempt settles it', async () => {
    const { log } = logWith(['lose-message', 'lose-message']);
    const draft = draftOf(loopAddress(), [suspended('a')], null);
    await expect(log.append(draft)).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'log.outcome-unknown' });
    expect((await log.append(draft)).outcome).toBe('committed');
    expect(await log.history(draft.address)).toHaveLength(1);
  });

  it('[G5] lost and fenced on another subject: never sent again blindly, for both copies would be stored', async () => {
    const { log } = logWith(['lose-message']);
    const address = loopAddress();
    const fence = { kind: 'subject', address: haltAddress(address.key, 2), sequence: 0 } as const;
    await expect(log.append(draftOf(address, [suspended('a')], null, { fence }))).rejects.toMatchObject({ kind: 'unknown-outcome' });
    expect(await log.head(address)).toBeNull();
  });

  it('[G5] stored, unanswered and unreadable: unknown, and the next attempt finds it', async () => {
    let isBlind = true;
    const { log } = logWith(['lose-answer'], { failsRead: () => isBlind });
    const draft = draftOf(loopAddress(), [suspended('a')], null);
    await expect(log.append(draft)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    isBlind = false;
    expect((await log.append(draft)).outcome).toBe('committed');
    expect(await log.history(draft.address)).toHaveLength(1);
  });

  it('[G5] stored, unanswered, and buried under commits of others: found in the history', async () => {
    const address = loopAddress();
    const draft = draftOf(address, [suspended('mine')], null);
    const publishes: PublishFault[] = ['lose-answer'];
    let meanwhile: () => void = () => undefined;
    const memory = createMemoryLog({
      streams: 2,
      faults: { publish: () => publishes.shift() ?? 'none', failsRead: () => (meanwhile(), false) },
    });
    const donor = createMemoryLog({ streams: 2 });
    const first = committed(await donor.log.append(draft));
    await writeHistoryAfter(donor, address, first);
    const others = donor.broker.stored(eventStreamName(first.position.stream)).slice(1);
    meanwhile = () => {
      meanwhile = () => undefined;
      for (const message of others) memory.broker.publish(message);
    };
    expect(committed(await memory.log.append(draft)).position).toEqual(first.position);
    expect(await memory.log.history(address)).toHaveLength(4);
  });

  it('[G5] [G10] the same id and the same bytes of another writer are not ours: after a crash of the broker a delivery may be counted twice', async () => {
    const memory = createMemoryLog({ streams: 1 });
    const [one, other] = [memory.connect('runtime'), memory.connect('runtime')];
    const draft = draftOf(loopAddress(), [suspended('a')], null);
    expect((await one.log.append(draft)).outcome).toBe('committed');
    expect((await other.log.append(draft)).outcome).toBe('conflict');
    expect((await one.log.append(draft)).outcome).toBe('committed');
    expect(await memory.log.history(draft.address)).toHaveLength(1);
  });

  it('[G5] stored, unanswered and buried: what is answered is what is stored, also when an earlier try carried another moment', async () => {
    const publishes: PublishFault[] = ['none', 'none', 'lose-message'];
    const { log } = logWith(publishes);
    const address = loopAddress();
    const first = committed(await log.append(draftOf(address, [suspended('mine')], null, { id: 'a'.repeat(32), at: '2026-01-01T00:00:00.000Z' })));
    committed(await log.append(draftOf(address, [suspended('next')], first)));
    const again = committed(await log.append(draftOf(address, [suspended('mine')], null, { id: 'a'.repeat(32), at: '2026-01-01T00:00:09.000Z' })));
    expect([again.position, again.hash, again.at]).toEqual([first.position, first.hash, first.at]);
  });

  it('swallowed as a duplicate: a defect, since nothing was stored', async () => {
    const { log } = logWith(['swallow']);
    await expect(log.append(draftOf(loopAddress(), [suspended('a')], null))).rejects.toThrow(/duplicate/);
  });

  it('refused for lack of room, or not sent at all: transient, and certain', async () => {
    const { log } = logWith(['full', 'unreachable']);
    const draft = draftOf(loopAddress(), [suspended('a')], null);
    await expect(log.append(draft)).rejects.toMatchObject({ kind: 'transient', code: 'log.full' });
    await expect(log.append(draft)).rejects.toMatchObject({ kind: 'transient', code: 'log.unreachable' });
    expect(await log.head(draft.address)).toBeNull();
  });

  it('a stream at its limit refuses by itself', async () => {
    const { log } = createMemoryLog({ streams: 1, maxStreamBytes: 200 });
    const address = loopAddress();
    const faults = await writeHistory(log, address, 20).then(() => null, (error: unknown) => error);
    expect(faults).toMatchObject({ code: 'log.full' });
    expect((await log.history(address)).length).toBeGreaterThan(1);
  });
});

describe('the store, when somebody changed it', () => {
  it.each([
    ['the body', (body: Uint8Array) => Buffer.from(Buffer.from(body).toString().replace('wait-1', 'wait-9'))],
  ])('  %s of a commit: the chain is broken', async (_, change) => {
    const { log, broker } = createMemoryLog({ streams: 1 });
    const address = loopAddress();
    const [, second] = await writeHistory(log, address, 3);
    broker.tamper('EVENTS-0', second?.position.sequence ?? 0, (message) => ({ ...message, body: change(message.body) }));
    await expect(log.history(address)).rejects.toMatchObject({ code: 'log.chain-broken' });
    await expect(log.episode(address.key)).rejects.toMatchObject({ code: 'log.chain-broken' });
  });

  it('an actor, a cause or a time of a commit: the chain is broken', async () => {
    for (const name of ['Soloist-Actor', 'Soloist-Cause', 'Soloist-At', 'traceparent']) {
      const { log, broker } = createMemoryLog({ streams: 1 });
      const address = loopAddress();
      const [first] = await writeHistory(log, address, 2);
      broker.tamper('EVENTS-0', first?.position.sequence ?? 0, (message) => ({
        ...message,
        headers: message.headers.map((pair) => (pair[0] === name ? ([name, 'forged'] as const) : pair)),
      }));
      await expect(log.history(address), name).rejects.toMatchObject({ code: 'log.chain-broken' });
    }
  });
});

describe('deliveries, in the order a scheduler chooses', () => {
  it('an ack that was forgotten brings the message again', async () => {
    const forgotten = new Set<number>();
    const clock = manualScheduler();
    const memory = createMemoryLog({
      streams: 1,
      scheduler: clock,
      faults: {
        forgetsAck(_, __, sequence) {
          if (forgotten.has(sequence)) return false;
          forgotten.add(sequence);
          return true;
        },
      },
    });
    const counts: number[] = [];
    await memory.deliveries.consume('orchestrator', 'reactors', (delivery) => {
      counts.push(delivery.deliveryCount);
      void delivery.ack();
    });
    await writeHistory(memory.log, loopAddress(), 1);
    await clock.run();
    expect(counts).toEqual([1]);
    clock.advance(30_000);
    await clock.run();
    expect(counts).toEqual([1, 2]);
    clock.advance(120_000);
    await clock.run();
    expect(counts).toEqual([1, 2]);
  });

  it('working() keeps a delivery; a late ack by its old holder counts all the same', async () => {
    const clock = manualScheduler();
    const mostOfTheWait = Math.round((DELIVERY.ackWaitMs * 2) / 3);
    const memory = createMemoryLog({ streams: 1, scheduler: clock });
    const held: Delivery[] = [];
    await memory.deliveries.consume('orchestrator', 'reactors', (delivery) => held.push(delivery));
    await writeHistory(memory.log, loopAddress(), 1);
    await clock.run();
    clock.advance(mostOfTheWait);
    held[0]?.working();
    clock.advance(mostOfTheWait);
    await clock.run();
    expect(held).toHaveLength(1);
    clock.advance(mostOfTheWait);
    await clock.run();
    expect(held.map((delivery) => delivery.deliveryCount)).toEqual([1, 2]);
    await held[0]?.ack();
    clock.advance(3 * mostOfTheWait);
    await clock.run();
    expect(held).toHaveLength(2);
  });

  it('the same run gives the same bytes', async () => {
    const run = async (): Promise<string> => {
      const memory = createMemoryLog({ streams: 1 });
      const address = loopAddress('0123456789abcdef');
      const fixed = { id: 'a'.repeat(32), cause: null };
      await memory.log.append(draftOf(address, [{ type: 'runtime.loop.recall-requested', data: { recallId: 'r', query: 'q', limit: 1, inputId: 'i', dataSubject: 's' } }], null, fixed));
      return JSON.stringify(memory.broker.stored('EVENTS-0'));
    };
    expect(await run()).toBe(await run());
  });

  it('an expectation on a subject of another stream sees nothing, as in the broker', async () => {
    const { log, broker } = createMemoryLog({ streams: 8 });
    const address = loopAddress();
    const [first] = await writeHistory(log, address, 1);
    const message = broker.stored(eventStreamName(first?.position.stream ?? 0))[0];
    const other = haltAddress(otherStream(address.key), 8);
    await log.append(draftOf(other, [halted()], null));
    const headers = [['Nats-Expected-Last-Subject-Sequence', '0'], ['Nats-Expected-Last-Subject-Sequence-Subject', `evt.hub.*.governance.halt.${other.key}`]] as const;
    expect(broker.publish({ subject: message?.subject ?? '', headers, body: Buffer.from('x') })).toMatchObject({ kind: 'stored' });
  });
});

function otherStream(key: string): string {
  for (;;) {
    const candidate = newKey();
    if (haltAddress(candidate, 8).key !== haltAddress(key, 8).key) return candidate;
  }
}

async function writeHistoryAfter({ log }: MemoryLog, address: ReturnType<typeof loopAddress>, first: Awaited<ReturnType<typeof writeHistory>>[number]): Promise<void> {
  let head = first;
  for (let index = 0; index < 3; index += 1) head = committed(await log.append(draftOf(address, [suspended(`other-${index}`)], head)));
}

interface ManualScheduler extends Scheduler {
  advance(ms: number): void;
  /** Until nothing is left to do at this time. */
  run(): Promise<void>;
}

function manualScheduler(): ManualScheduler {
  let now = 0;
  const tasks: (() => void)[] = [];
  const timers = new Set<{ at: number; task: () => void }>();
  return {
    now: () => now,
    soon: (task) => void tasks.push(task),
    after(ms, task) {
      const timer = { at: now + ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.task();
      }
    },
    async run() {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        task();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
