/** Deliveries are lost here: acked without their work having been done. */
import type { RosterEvent } from '@soloist/contracts';
import type { Delivery, LogConnection } from '@soloist/eventlog';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rounds } from '../ports/runtime.ports.js';
import { defineProgram, type ProgramContext } from '../program/define-program.js';
import { ProgramRig } from '../program/program-rig.fixture.js';
import { ROSTER_KEYS } from '../program/program-roster.js';

let rig: ProgramRig;
let hold: PromiseWithResolvers<void>;

beforeEach(() => {
  rig = new ProgramRig();
  hold = Promise.withResolvers();
});
afterEach(async () => {
  hold.resolve();
  await rig.close();
});

/** Rounds that the test makes; by a clock that is past every moment here. */
class HeldRounds implements Rounds {
  private readonly all: (() => Promise<void>)[] = [];
  every(_ms: number, round: () => Promise<void>) {
    this.all.push(round);
    return { stop: () => Promise.resolve() };
  }
  now(): string {
    return '2100-01-01T00:00:00.000Z';
  }
  async make(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) for (const round of this.all) await round();
  }
}

/** The first delivery that fits is lost; `lost` resolves then. */
function losing(fits: (delivery: Delivery) => boolean): { readonly wire: (connection: LogConnection) => LogConnection; readonly lost: Promise<void> } {
  const lost = Promise.withResolvers<void>();
  let isLost = false;
  const wire = (connection: LogConnection): LogConnection => ({
    ...connection,
    deliveries: {
      ...connection.deliveries,
      consume: (context, purpose, onDelivery) =>
        connection.deliveries.consume(context, purpose, (delivery) => {
          if (isLost || !fits(delivery)) return onDelivery(delivery);
          isLost = true;
          void delivery.ack().then(() => lost.resolve());
        }),
    },
  });
  return { wire, lost: lost.promise };
}

/** A worker that loses its start command and is never heard of again once it has claimed its first step. */
function deadAfterItsClaim(connection: LogConnection): LogConnection {
  const never = new Promise<never>(() => undefined);
  let isDead = false;
  const append: LogConnection['log']['append'] = async (draft) => {
    if (isDead) return never;
    isDead = draft.events.some(({ type }) => type === 'runtime.loop.step-claimed');
    return connection.log.append(draft).then((appended) => (isDead ? never : appended));
  };
  const consume: LogConnection['deliveries']['consume'] = (context, purpose, onDelivery) =>
    connection.deliveries.consume(context, purpose, (delivery) => (isDead ? undefined : void delivery.ack().then(() => onDelivery({ ...delivery, ack: () => Promise.resolve(), retryIn: () => undefined, working: () => undefined, terminate: () => undefined }))));
  return { ...connection, log: { ...connection.log, append }, deliveries: { ...connection.deliveries, consume } };
}

const of = (run: (context: ProgramContext) => Promise<unknown>, name = 'walk') => defineProgram({ name, version: '1', run });
const names = async (runId: string) => (await rig.commits(runId)).flat();
const isDue = (kind: string) => (delivery: Delivery) => delivery.kind === 'timer' && (delivery.due().body as { kind: string }).kind === kind;

async function roster(): Promise<readonly string[]> {
  const heads = await Promise.all(ROSTER_KEYS.map((key) => rig.memory.log.head({ context: 'runtime', entity: 'roster', key })));
  return heads.flatMap((head) => (head?.events ?? []) as readonly RosterEvent[]).flatMap(({ data }) => data.open);
}

describe('[G28] the run of a program that no delivery will move any more', () => {
  it('because its timer was lost: goes on in the second round that finds it so, and not before', async () => {
    const rounds = new HeldRounds();
    const { wire, lost } = losing(isDue('timer'));
    await rig.worker([of((context) => context.sleep(1))], wire, rounds);
    await rig.start('a-run', 'walk', null);
    await lost;
    await rounds.make(1);
    expect(await names('a-run')).not.toContain('timer-fired');
    await rounds.make(1);
    await rig.until('a-run', 'program-ended');
    expect(await rig.data('a-run', 'timer-fired')).toHaveLength(1);
    await rounds.make(1);
    expect(await roster()).toEqual([]);
  });

  it.each(['begin-child', 'child-ended'])('because the wake-up %s was lost: goes on', async (kind) => {
    const rounds = new HeldRounds();
    const { wire, lost } = losing(isDue(kind));
    const child = of((context) => context.step('one', () => 7), 'child');
    await rig.worker([child, of((context) => context.child(child, null))], wire, rounds);
    await rig.start('a-run', 'walk', null);
    await lost;
    await rounds.make(2);
    expect(await rig.until('a-run', 'program-ended')).toMatchObject({ outcome: 'done', value: 7 });
    expect(await rig.data('a-run', 'child-ended')).toHaveLength(1);
  });

  it('because its worker is gone and its delivery too: another takes it over, once it is on the roster; the step is tried again', async () => {
    const walk = of(async (context) => {
      await context.sleep(1);
      return context.step('one', ({ attempt }) => attempt);
    });
    const ofTheDead = new HeldRounds();
    const firstSleep = losing(isDue('timer'));
    // Its first wake-up comes late, so that it sweeps once before it dies.
    const dead = (connection: LogConnection) => firstSleep.wire(deadAfterItsClaim(connection));
    await rig.worker([walk], dead, ofTheDead);
    await rig.start('a-run', 'walk', null);
    await firstSleep.lost;
    await ofTheDead.make(2);
    await rig.until('a-run', 'step-claimed');
    expect(await roster()).toEqual(['a-run']);
    const rounds = new HeldRounds();
    await rig.worker([walk], (direct) => direct, rounds);
    await rounds.make(1);
    expect(await rig.data('a-run', 'step-claimed')).toHaveLength(1);
    await rounds.make(1);
    expect(await rig.until('a-run', 'program-ended')).toMatchObject({ outcome: 'done', value: 2 });
    expect((await rig.data('a-run', 'program-claimed')).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it('is let be while a worker is at its step, however long that takes', async () => {
    const rounds = new HeldRounds();
    const reached = Promise.withResolvers<void>();
    await rig.worker([of((context) => context.step('long', () => (reached.resolve(), hold.promise)))], (direct) => direct, rounds);
    await rig.start('a-run', 'walk', null);
    await reached.promise;
    await rounds.make(5);
    expect(await roster()).toEqual(['a-run']);
    hold.resolve();
    await rig.until('a-run', 'program-ended');
    expect(await rig.data('a-run', 'program-claimed')).toHaveLength(1);
  });

  it('that waits for an event rests: it is read in ever fewer of the rounds, and nothing is armed', async () => {
    const rounds = new HeldRounds();
    const read: string[] = [];
    const arms: string[] = [];
    const noting = (connection: LogConnection): LogConnection => {
      const { log } = connection;
      return { ...connection, log: { ...log, read: (address) => (read.push(address.key), log.read(address)), arm: (timer) => (arms.push(timer.timerId), log.arm(timer)) } };
    };
    await rig.worker([of((context) => context.waitFor('word'))], noting, rounds);
    await rig.start('a-run', 'walk', null);
    await rig.until('a-run', 'program-suspended');
    read.length = 0;
    await rounds.make(21);
    const looks = read.filter((key) => key === 'a-run').length;
    expect([looks > 2, looks < 8, arms]).toEqual([true, true, []]);
    await rig.tell('a-run', 'word', 1);
    await rig.until('a-run', 'program-ended');
    await rounds.make(7);
    expect(await roster()).toEqual([]);
  });

  it('is found after a restart of everything, by the roster alone', async () => {
    const rounds = new HeldRounds();
    const { wire, lost } = losing(isDue('timer'));
    const nap = of((context) => context.sleep(1));
    const first = await rig.worker([nap], wire, rounds);
    await rig.start('a-run', 'walk', null);
    await lost;
    await rounds.make(1);
    await first.stop();
    rig.workers.splice(0);
    const later = new HeldRounds();
    await rig.worker([nap], (direct) => direct, later);
    await later.make(2);
    await rig.until('a-run', 'program-ended');
  });
});
