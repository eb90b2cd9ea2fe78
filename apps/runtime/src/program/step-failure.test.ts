/** Whatever a step or a program throws, however much of it, and however often its worker changes: the run has an end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, type ProgramContext } from './define-program.js';
import { failureOf, stepFailureOf } from './failure.js';
import { ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
let unhandled: unknown[];
let others: NodeJS.UnhandledRejectionListener[];
const note = (error: unknown): void => void unhandled.push(error);

beforeEach(() => {
  rig = new ProgramRig();
  unhandled = [];
  others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  process.removeListener('unhandledRejection', note);
  for (const other of others) process.on('unhandledRejection', other);
  await rig.close();
});

const program = (run: (context: ProgramContext) => Promise<unknown>) => defineProgram({ name: 'p', version: '1', run });
const thrown = {
  'an object without a prototype': () => Object.create(null) as unknown,
  'an error whose message is an object': () => Object.assign(new Error('x'), { message: { a: 1 } }),
  'an error whose message throws': () => Object.defineProperty(new Error('x'), 'message', { get: () => { throw new Error('inside'); } }),
  'an error whose name and code throw': () => Object.defineProperties(new Error('x'), { name: { get: () => { throw new Error('inside'); } }, code: { get: () => { throw new Error('inside'); } } }),
  'an object whose text form throws': () => ({ toString: () => { throw new Error('inside'); } }),
  'a proxy that refuses every question': () => new Proxy({}, { getPrototypeOf: () => { throw new Error('inside'); }, get: () => { throw new Error('inside'); } }),
  'a symbol': () => Symbol('s'),
  undefined: () => undefined,
};
const cases = Object.entries(thrown);

describe('what a step throws', () => {
  it.each(cases)('%s is its recorded failure, and the program sees it', async (_, make) => {
    await rig.worker([program(async (ctx) => ctx.step('s', () => { throw make(); }, { retries: 1 }).catch((error: Error) => typeof error.message))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'string' });
    const failures = await rig.data('run-1', 'step-failed');
    expect(failures.map(({ isFinal }) => isFinal)).toEqual([false, true]);
    for (const { because } of failures) expect(because).not.toBe('');
    expect(unhandled).toEqual([]);
  });

  // A program's end is first asked whether it continues as new, which this one refuses to answer.
  it.each(cases.filter(([name]) => !name.startsWith('a proxy')))('%s, thrown by the program itself, ends its run', async (_, make) => {
    await rig.worker([program(async (ctx) => { await ctx.step('s', () => 1); throw make(); })]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed', code: 'program.failed' });
    expect(unhandled).toEqual([]);
  });

  it('is told as it was: name, message and code', () => {
    expect(failureOf(new TypeError('wrong'))).toMatchObject({ code: 'program.failed', because: 'TypeError: wrong' });
    expect(failureOf('plain')).toMatchObject({ code: 'program.failed', because: 'Error: plain' });
    expect(failureOf(Object.assign(new Error('x'), { code: 'E_X' }))).toMatchObject({ code: 'E_X' });
    expect(stepFailureOf(new TypeError('wrong'))).toEqual({ code: 'step.failed', because: 'wrong' });
    expect(stepFailureOf(7)).toEqual({ code: 'step.failed', because: '7' });
  });
});

describe('how much of it is recorded', () => {
  it('60 branches that fail with 2,000 Cyrillic letters each are more than one commit, and the program that catches them goes on', async () => {
    const fails = async (branch: ProgramContext) => branch.step('s', () => { throw new Error('я'.repeat(2_000)); }, { retries: 0 });
    await rig.worker([program(async (ctx) => ctx.all(Array.from({ length: 60 }, () => fails)).catch(() => 'handled'))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'handled' });
    expect(await rig.data('run-1', 'step-failed')).toHaveLength(60);
  });

  it('so are 200 whose reasons are written longer than they are, and whose codes are long', async () => {
    const fails = async (branch: ProgramContext) => branch.step('s', () => { throw Object.assign(new Error('\u0001'.repeat(700)), { code: 'я'.repeat(500) }); }, { retries: 0 });
    await rig.worker([program(async (ctx) => ctx.all(Array.from({ length: 200 }, () => fails)).catch(() => 'handled'))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'handled' });
  });

  it.each([['too long', 'c'.repeat(300_000)], ['broken', `bad\ud800${'c'.repeat(10)}`], ['cut inside a letter', `${'c'.repeat(99)}😀`]])('a code that is %s is cut and well-formed, in steps and in programs', async (_, code) => {
    await rig.worker([program(async (ctx) => {
      const seen = await ctx.step('s', () => { throw Object.assign(new Error('x'), { code }); }, { retries: 0 }).catch((error: Error & { code: string }) => error.code);
      throw Object.assign(new Error(seen), { code });
    })]);
    await rig.start('run-1', 'p', null);
    const ended = await rig.until('run-1', 'program-ended');
    const [failed] = await rig.data('run-1', 'step-failed');
    expect(failed?.code.length).toBeLessThanOrEqual(100);
    expect(failed?.code.isWellFormed()).toBe(true);
    expect(ended).toMatchObject({ outcome: 'failed', code: failed?.code, because: `Error: ${failed?.code}` });
  });

  it('the program is told of a long reason what the record keeps, at once and when it runs again', async () => {
    const seen: number[] = [];
    await rig.worker([program(async (ctx) => {
      const text = await ctx.step('s', () => { throw new Error('x'.repeat(5_000)); }, { retries: 0 }).catch((error: Error) => error.message);
      seen.push(text.length);
      await ctx.sleep(2);
    })]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-ended');
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([2_000]));
  });
});
