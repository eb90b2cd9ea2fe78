/** What the simulation has shown to go wrong when two workers, or a worker and a wake-up, meet on one program run. */
import type { LogConnection } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineProgram, type JsonValue, type ProgramContext } from './define-program.js';
import { dyingAfter, ProgramRig, silentWorking } from './program-rig.fixture.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext, input: JsonValue) => Promise<unknown>) => defineProgram({ name: 'p', version: '1', run });

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it did not come to that within 5 s: ${JSON.stringify(await rig.commits('run-1'))}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

it('[G10] [R5] a worker that takes over does nothing again that the one before it recorded while it was reading', async () => {
  const releases: (() => void)[] = [];
  const ran: string[] = [];
  const steps = program(async (ctx) => {
    await ctx.step('one', ({ attempt }) => new Promise<void>((resolve) => { ran.push(`one ${attempt}`); releases.push(resolve); }));
    // The first worker comes no further than here.
    return ctx.step('two', ({ attempt }) => (attempt === 1 ? new Promise<string>(() => undefined) : 'done'));
  });
  await rig.worker([steps], silentWorking);
  // It never comes to rest, and is left lying.
  rig.workers.length = 0;
  await rig.start('run-1', 'p', null);
  await rig.until('run-1', 'step-claimed');
  // The next worker has read the run, and is slow to write its claim: in between the first one records its step.
  let isHeldUp = false;
  const slowToClaim = (connection: LogConnection): LogConnection => ({
    ...connection,
    deliveries: {
      ...connection.deliveries,
      // What it gives back comes again at once.
      consume: (context, purpose, onDelivery) => connection.deliveries.consume(context, purpose, (delivery) => onDelivery({ ...delivery, retryIn: () => delivery.retryIn(0) })),
    },
    log: {
      ...connection.log,
      append: async (draft) => {
        if (!isHeldUp && draft.events.some(({ type }) => type === 'runtime.loop.program-claimed')) {
          isHeldUp = true;
          releases[0]?.();
          await until(async () => (await rig.data('run-1', 'step-completed')).length > 0);
        }
        return connection.log.append(draft);
      },
    },
  });
  await rig.worker([steps], slowToClaim);
  expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'done' });
  expect(isHeldUp).toBe(true);
  expect(ran.filter((one) => one.startsWith('one'))).toEqual(['one 1']);
  expect((await rig.data('run-1', 'step-completed')).map(({ path }) => path)).toEqual(['1', '2']);
});

it('[G19] [G28] a timer that fires while its run is at work on something else is not forgotten by the suspension that follows', async () => {
  let release: (() => void) | null = null;
  const both = program(async (ctx) => ctx.all<[string, string]>([
    (branch) => branch.step('slow', () => new Promise<string>((resolve) => (release = () => resolve('slow')))),
    async (branch) => { await branch.sleep(1); return branch.step('after', () => 'after'); },
  ]));
  await rig.worker([both]);
  await rig.start('run-1', 'p', null);
  await rig.until('run-1', 'timer-fired');
  release = release as (() => void) | null;
  release?.();
  expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: ['slow', 'after'] });
});

it('[G28] [R5] a worker that dies after a wake-up made its run begin a new history is followed by another', async () => {
  const rounds = program(async (ctx, input) => {
    if (input === 'again') return ctx.step('last', () => 'over');
    await ctx.sleep(1);
    return ctx.continueAsNew('again');
  });
  // Stored before it dies: start, suspension with its timer, the new history that the timer's delivery began.
  await rig.worker([rounds], dyingAfter(1));
  await rig.start('run-1', 'p', 'first');
  await until(async () => (await rig.data('run-1', 'program-continued')).length > 0);
  await rig.worker([rounds]);
  expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'over' });
});

it('[G28] a child whose end is stored after its wake-up was forgotten is heard of all the same', async () => {
  const child = defineProgram({ name: 'child', version: '1', run: async (ctx) => ctx.step('only', () => 'from the child') });
  const parent = program(async (ctx) => ctx.child({ name: 'child', version: '1' }, null));
  let lost = 0;
  const forgetful = (connection: LogConnection): LogConnection => ({
    ...connection,
    log: {
      ...connection.log,
      arm: async (timer) => {
        if (timer.timerId.endsWith('-end') && lost === 0) lost += 1;
        else await connection.log.arm(timer);
      },
      append: async (draft) => {
        const appended = await connection.log.append(draft);
        const isEndOfChild = lost === 1 && draft.events.some(({ type }) => type === 'runtime.loop.program-ended');
        if (!isEndOfChild) return appended;
        lost += 1;
        throw new Fault('unknown-outcome', 'log.outcome-unknown', 'Nobody says whether it is stored.', { retryAfterMs: 1 });
      },
    },
  });
  await rig.worker([child, parent], forgetful);
  await rig.start('run-1', 'p', null);
  expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'from the child' });
  expect(lost).toBe(2);
});

it('[G19] [G28] a wake-up that fires long before its sleeping writer records it is still there when that writer wakes', async () => {
  const sleeps = program(async (ctx) => {
    await ctx.step('first', () => 'first');
    await ctx.sleep(1);
    return 'over';
  });
  const nobody = { stop: () => Promise.resolve() };
  let wake = (): void => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const sleeper = (connection: LogConnection): LogConnection => ({
    ...connection,
    deliveries: { ...connection.deliveries, consume: async (context, purpose, onDelivery) => (purpose === 'timers' ? nobody : connection.deliveries.consume(context, purpose, onDelivery)) },
    log: {
      ...connection.log,
      append: async (draft) => {
        if (draft.events.some(({ type }) => type === 'runtime.loop.timer-armed')) await woken;
        return connection.log.append(draft);
      },
    },
  });
  let looks = 0;
  const looker = (connection: LogConnection): LogConnection => ({
    ...connection,
    deliveries: {
      ...connection.deliveries,
      consume: async (context, purpose, onDelivery) =>
        purpose === 'timers' ? connection.deliveries.consume(context, purpose, (delivery) => onDelivery({ ...delivery, retryIn: () => { looks += 1; delivery.retryIn(5); } })) : nobody,
    },
  });
  await rig.worker([sleeps], sleeper);
  await rig.worker([sleeps], looker);
  await rig.start('run-1', 'p', null);
  // Far more often than a wake-up nobody's run asks for is looked at.
  await until(() => looks >= 30);
  expect(await rig.data('run-1', 'timer-armed')).toEqual([]);
  wake();
  expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'over' });
});

it.each(['cancelled', 'failed'] as const)('[G28] [R5] a beginning that lands when its worker is long dead and its parent has %s leaves no run that nobody holds', async (end) => {
  const child = defineProgram({ name: 'child', version: '1', run: async (ctx) => ctx.step('only', () => 'from the child') });
  const parent = program(async (ctx) => ctx.all<[unknown, unknown]>([
    (branch) => branch.child({ name: 'child', version: '1' }, null),
    (branch) => branch.waitFor('go'),
  ]).catch(() => null));
  const failing = program(async (ctx) => {
    void ctx.child({ name: 'child', version: '1' }, null).catch(() => undefined);
    await ctx.waitFor('go');
    throw new Error('no more');
  });
  let land = (): void => undefined;
  const landing = new Promise<void>((resolve) => (land = resolve));
  let landed: Promise<unknown> | null = null;
  // It sends the child's first commit, which stays on its way, and is never heard of again.
  const dying = (connection: LogConnection): LogConnection => ({
    ...connection,
    deliveries: {
      ...connection.deliveries,
      consume: (context, purpose, onDelivery) =>
        connection.deliveries.consume(context, purpose, (delivery) => {
          if (landed === null) onDelivery({ ...delivery, working: () => void (landed === null && delivery.working()) });
        }),
    },
    log: {
      ...connection.log,
      append: async (draft) => {
        if (landed !== null || !draft.events.some(({ type, data }) => type === 'runtime.loop.program-started' && (data as { parent: unknown }).parent !== null)) return connection.log.append(draft);
        landed = landing.then(() => connection.log.append(draft)).catch((error: unknown) => error);
        return new Promise<never>(() => undefined);
      },
    },
  });
  const programs = [child, end === 'cancelled' ? parent : failing];
  await rig.worker(programs, dying);
  // What it has in hand never ends: it is left lying.
  rig.workers.length = 0;
  await rig.start('run-1', 'p', null);
  const { childRunId } = await rig.until('run-1', 'child-requested');
  await until(() => landed !== null);
  await rig.worker(programs);
  if (end === 'cancelled') await rig.command('run-1', { type: 'runtime.loop.cancel-program', because: 'Enough.' });
  else await rig.tell('run-1', 'go', null);
  expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: end });
  expect(await rig.until(childRunId, 'program-ended')).toMatchObject({ outcome: 'cancelled', because: 'The run that asked for this one was over before it began.' });
  land();
  expect(await landed).toMatchObject({ outcome: 'conflict' });
  expect(await rig.commits(childRunId)).toEqual([['program-started', 'program-ended']]);
});

it('[G19] a wake-up of a history that its run has left is forgotten, though the run goes on for ever', async () => {
  const endless = program(async (ctx, input) => {
    if (input === 'first') void ctx.sleep(500);
    return ctx.continueAsNew((await ctx.waitFor('next')) as JsonValue);
  });
  const fates: string[] = [];
  const watched = (connection: LogConnection): LogConnection => ({
    ...connection,
    deliveries: {
      ...connection.deliveries,
      consume: (context, purpose, onDelivery) =>
        connection.deliveries.consume(context, purpose, (delivery) =>
          onDelivery(purpose !== 'timers' ? delivery : { ...delivery, ack: () => (fates.push('forgotten'), delivery.ack()), retryIn: (ms) => (fates.push('looked at again'), delivery.retryIn(ms)) }),
        ),
    },
  });
  await rig.worker([endless], watched);
  await rig.start('run-1', 'p', 'first');
  await rig.until('run-1', 'event-awaited');
  await rig.tell('run-1', 'next', 1);
  await rig.until('run-1', 'program-continued');
  // It was still to come when its history was left.
  expect([await rig.data('run-1', 'timer-fired'), fates]).toEqual([[], []]);
  await until(() => fates.length > 0);
  expect(fates).toEqual(['forgotten']);
});
