/** A worker that sleeps between claim and arm, and wakes when others have long gone on. */
import type { Authorization } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { Dispatcher, systemClock, type Service } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectorsService } from '../connectors.js';
import { goodAuthorization, openRig, runIdOf, typesOf, watched, type Rig } from '../connectors.fixture.js';
import { HOLDS_FOR_MS } from '../effects/holding.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

const runId = runIdOf('one');
let rig: Rig;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  rig = await openRig();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rig.close();
});

const good = (changed: Partial<Authorization> = {}): Authorization => goodAuthorization(rig, runId, changed);

interface Worker {
  reactTo(commit: Commit, deliveryCount: number): Promise<number>;
}
interface WorkerOptions {
  readonly before?: (type: string) => Promise<void> | void;
  readonly after?: (type: string) => Promise<void> | void;
  readonly stopwatch?: () => number;
}

/** One process of the connectors, given its deliveries by hand. */
async function worker(options: WorkerOptions = {}): Promise<Worker> {
  const { before, after, stopwatch } = options;
  const connection = watched(rig.log.connect('connectors'), { ...(before && { before }), ...(after && { after }) });
  const opened = await connectorsService.open({ config: rig.config, connection, clock: systemClock });
  closing.push(() => opened.close());
  const ports = stopwatch === undefined ? opened.ports : { ...opened.ports, stopwatch };
  return new Dispatcher(connectorsService as Service<unknown, ConnectorsPorts>, connection, ports, systemClock, silentLogger);
}

/** Falls asleep when it has decided to arm and before that is on the log. */
async function sleeper(after?: WorkerOptions['after']): Promise<Worker & { readonly asleep: Promise<void>; readonly sleptFor: (ms: number) => void; wake(): void }> {
  let nowMs = 0;
  let wake = (): void => undefined;
  let fallAsleep = (): void => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const asleep = new Promise<void>((resolve) => (fallAsleep = resolve));
  const own = await worker({
    before: async (type) => {
      if (type !== 'armed') return;
      fallAsleep();
      await woken;
    },
    ...(after && { after }),
    stopwatch: () => nowMs,
  });
  return { reactTo: (commit, count) => own.reactTo(commit, count), asleep, wake: () => wake(), sleptFor: (ms) => void (nowMs += ms) };
}

describe('[G8] [G10] a worker that wakes between claim and arm when the effect was settled and repeated', () => {
  it.each([
    ['long after its lease', HOLDS_FOR_MS],
    ['within its lease, the delivery having come again early', 0],
  ])('%s: changes nothing, sends nothing, and the repeat stays on record', async (_when, sleptMs) => {
    const late = await sleeper();
    const other = await worker();
    const first = await rig.authorize(good());
    const sleeping = late.reactTo(first, 1);
    await late.asleep;
    await other.reactTo(first, 2);
    const second = await rig.authorize(good({ generation: 2 }));
    await other.reactTo(second, 1);
    const settled = [{ generation: 1, state: 'unknown' }, { generation: 2, state: 'succeeded' }];
    expect(await rig.table(runId)).toMatchObject(settled);

    late.sleptFor(sleptMs);
    late.wake();
    await sleeping;
    expect(await rig.table(runId)).toMatchObject(settled);
    expect(await rig.sent(good())).toEqual([]);

    for (const [count, one] of [late, other, await worker()].entries()) await one.reactTo(second, count + 2);
    expect(await rig.table(runId)).toMatchObject(settled);
    expect(await rig.sent(good({ generation: 2 }))).toHaveLength(1);
    expect(typesOf(await rig.effects(runId)).filter((type) => type === 'attempted')).toHaveLength(2);
  });

  it('and dies right after: what was unknown still reads as unknown, so that its gate can be decided', async () => {
    const late = await sleeper((type) => {
      if (type === 'armed') throw new Error('the worker is gone');
    });
    const other = await worker();
    const commit = await rig.authorize(good());
    const dying = late.reactTo(commit, 1).then(
      () => 'lived',
      () => 'died',
    );
    await late.asleep;
    await other.reactTo(commit, 2);
    late.wake();
    expect(await dying).toBe('died');
    expect(await rig.table(runId)).toMatchObject([{ generation: 1, state: 'unknown' }]);
    const second = await rig.authorize(good({ generation: 2 }));
    await other.reactTo(second, 1);
    expect(await rig.table(runId)).toMatchObject([{ state: 'unknown' }, { generation: 2, state: 'succeeded' }]);
  });
});

describe('[G8] [G25] a worker that loses the race to the claim, and finds the company stopped when it reads again', () => {
  it('refuses nothing and gives the delivery back, so that the claim is settled when its worker is gone', async () => {
    const claimant = await sleeper();
    let goOn = (): void => undefined;
    let meet = (): void => undefined;
    const released = new Promise<void>((resolve) => (goOn = resolve));
    const decided = new Promise<void>((resolve) => (meet = resolve));
    const loser = await worker({
      before: async (type) => {
        if (type !== 'attempted') return;
        meet();
        await released;
      },
    });
    const commit = await rig.authorize(good());
    const losing = loser.reactTo(commit, 1).then(
      () => 'done with it',
      (error: unknown) => (error as { code?: string }).code,
    );
    await decided;
    const sleeping = claimant.reactTo(commit, 1);
    await claimant.asleep;
    await rig.setStop(runId, 'raised', 1);
    goOn();
    expect(await losing).toBe('effect.claimed-elsewhere');
    expect(typesOf(await rig.effects(runId))).toEqual(['attempted']);

    await (await worker()).reactTo(commit, 2);
    expect(await rig.table(runId)).toMatchObject([{ generation: 1, state: 'unknown' }]);
    claimant.wake();
    await sleeping;
    expect(await rig.sent(good())).toEqual([]);
  });
});
