/** Values between a program's code and its record: nobody's change reaches the other side, and none is lost to a passing fault. */
import { createMemoryKeyTable, createMemoryLog, type LogConnection } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, type JsonValue, type ProgramContext } from './define-program.js';
import { ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext, input: any) => Promise<unknown>, name = 'p') => defineProgram({ name, version: '1', run });
/** Lies beside its event, not in it. */
const LARGE = 'x'.repeat(70_000);

type Log = LogConnection['log'];
const changed = (change: (log: Log) => Partial<Log>) => (connection: LogConnection): LogConnection => ({ ...connection, log: { ...connection.log, ...change(connection.log) } });
const full = (): Promise<never> => Promise.reject(new Fault('transient', 'log.full', 'no space'));
/** Refuses so many times, then does it. */
function refusing<Args extends readonly unknown[], Answer>(times: number, act: (...args: Args) => Promise<Answer>): (...args: Args) => Promise<Answer> {
  let left = times;
  return (...args) => ((left -= 1) >= 0 ? full() : act(...args));
}

describe('[R5] [G14] what the code does to a value is not done to the record', () => {
  it('an answer of a step, the input, an event and the answer of a child are the code\'s own', async () => {
    const child = program(async () => ({ said: 'by the child' }), 'c');
    const parent = program(async (ctx, input) => {
      input.n += 1;
      const list = await ctx.step<string[]>('list', () => ['a']);
      list.push('mine');
      const told = await ctx.waitFor<{ amount: number }>('told');
      told.amount = 999;
      const answer = await ctx.child<{ said: string }>({ name: 'c', version: '1' }, null);
      answer.said = 'forged';
      await ctx.sleep(5);
      return [await ctx.step('send', () => 'sent', { args: { list, told, answer, input } }), input.n, list];
    });
    await rig.worker([parent, child]);
    await rig.start('run-1', 'p', { n: 1 });
    await rig.until('run-1', 'event-awaited');
    await rig.tell('run-1', 'told', { amount: 1 });
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: ['sent', 2, ['a', 'mine']] });
    expect(await rig.data('run-1', 'program-started')).toMatchObject([{ value: { n: 1 } }]);
    expect(await rig.data('run-1', 'step-completed')).toMatchObject([{ value: ['a'] }, { value: 'sent' }]);
    expect(await rig.data('run-1', 'event-received')).toMatchObject([{ value: { amount: 1 } }]);
    expect(await rig.data('run-1', 'child-ended')).toMatchObject([{ value: { said: 'by the child' } }]);
  });

  it('a large input of a child is the same call when the parent is resumed', async () => {
    const late = changed((log) => ({ putBlob: async (...of) => (await new Promise((resolve) => setTimeout(resolve, 5)), log.putBlob(...of)) }));
    await rig.worker([program((ctx) => ctx.child({ name: 'c', version: '1' }, LARGE)), program(async (ctx, input) => ctx.step('a', () => input.length), 'c')], late);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: LARGE.length });
    expect(await rig.data('run-1', 'child-requested')).toHaveLength(1);
  });
});

describe('[G5] [R5] a log that is full for a while', () => {
  it.each([1, 4])('refuses %i times what lies beside the record: nothing is bought again, nothing fails', async (times) => {
    let [bought, children] = [0, 0];
    const buys = program(async (ctx, input) => {
      if (input === LARGE) return 'continued';
      await ctx.step('paid', () => ((bought += 1), LARGE), { retries: 0 });
      await ctx.child({ name: 'c', version: '1' }, LARGE);
      return ctx.continueAsNew(LARGE);
    });
    const child = program(async () => ((children += 1), LARGE), 'c');
    // Each large value is refused so often: the one of the step, the child's input, its answer, the next input.
    const of = new Map<number, number>();
    let puts = 0;
    const wire = changed((log) => ({
      putBlob: (...given) => {
        const tries = of.get(puts) ?? 0;
        if (tries < times) return of.set(puts, tries + 1), full();
        puts += 1;
        return log.putBlob(...given);
      },
    }));
    await rig.worker([buys, child], wire);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'continued' });
    expect([bought, children, puts]).toEqual([1, 1, 4]);
    expect(await rig.data('run-1', 'step-failed')).toEqual([]);
  });

  it('takes no wake-ups: what a step has answered is kept all the same', async () => {
    let bought = 0;
    const wire = changed((log) => ({ arm: refusing(3, (timer: Parameters<Log['arm']>[0]) => log.arm(timer)) }));
    await rig.worker([program(async (ctx) => { const paid = await ctx.step('paid', () => (bought += 1)); await ctx.sleep(5); return paid; })], wire);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 1 });
    expect(bought).toBe(1);
    expect(await rig.data('run-1', 'step-completed')).toHaveLength(1);
    expect(await rig.data('run-1', 'timer-armed')).toHaveLength(1);
  }, 30_000);

  it('is no reason to try again what can never be recorded: that is the program\'s own failure', async () => {
    await rig.worker([program(async () => ({ amount: Number.NaN }))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed', code: 'program.failed' });
  });
});

describe('[G28] [R5] events that nobody has read', () => {
  it('are kept over into the next history, however much they are together', async () => {
    const work = Promise.withResolvers<void>();
    await rig.worker([program(async (ctx, left) => {
      if (left === 25) await ctx.step('work', () => work.promise);
      const told = await ctx.waitFor<string>('told');
      return left === 1 ? told.length : ctx.continueAsNew(left - 1);
    })]);
    await rig.start('run-1', 'p', 25);
    await rig.until('run-1', 'step-claimed');
    for (let count = 0; count < 25; count += 1) await rig.tell('run-1', 'told', `${count}`.padStart(12_000, '.'));
    await rig.until('run-1', 'event-received', 25);
    work.resolve();
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 12_000 });
    expect(await rig.data('run-1', 'program-continued')).toHaveLength(24);
    expect((await rig.data('run-1', 'event-taken'))).toHaveLength(25);
  }, 30_000);
});

describe('[D4] words from outside that look like an erasure', () => {
  it('are words: the run goes on with them', async () => {
    await rig.worker([program(async (ctx) => { const told = await ctx.waitFor<JsonValue>('told'); await ctx.sleep(5); return told; })]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'event-awaited');
    await rig.tell('run-1', 'told', { $erased: true, more: 1 });
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: { $erased: true, more: 1 } });
  });

  it('an answer of a child about somebody who was erased meanwhile ends the parent, and leaves no dead letter', async () => {
    const keys = createMemoryKeyTable();
    rig = new ProgramRig(createMemoryLog({ streams: 1, ackWaitMs: 150, keys }));
    await rig.worker([program((ctx) => ctx.child({ name: 'c', version: '1' }, null)), program(async (ctx) => (await ctx.waitFor('go'), LARGE), 'c')], changed((log) => ({
      append: async (draft) => {
        const appended = await log.append(draft);
        if (draft.events.some(({ type }) => type === 'runtime.loop.program-ended')) keys.erase('ada');
        return appended;
      },
    })));
    await rig.start('run-1', 'p', null);
    const { childRunId } = await rig.until('run-1', 'child-requested');
    await rig.until(childRunId, 'event-awaited');
    await rig.tell(childRunId, 'go', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed', code: 'subject.erased' });
    expect(rig.memory.broker.stored('DEAD')).toEqual([]);
  });
});
