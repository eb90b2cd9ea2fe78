/**
 * Durable programs in the simulated company, with a ledger of what their steps truly did, and the person who starts
 * them, answers what they wait for, and now and then stops one.
 *
 * I1 a program's result follows from its input and from which steps failed for good, never from who ran it
 */
import type { ProgramEvent } from '@soloist/contracts';
import { derivedId, type Commit, type LogConnection } from '@soloist/eventlog';
import { ChildFailed, defineProgram, ProgramRegistry, StepFailed, type ProgramContext } from '@soloist/runtime';
import type { Agenda, FaultCounts, Machine, Random } from '@soloist/testing';
import type { Swarm } from './swarm.js';

/** What one program is to do. */
export interface Errand {
  readonly number: number;
  readonly branches: number;
  readonly sleepMs: number;
  readonly waits: boolean;
  readonly depth: number;
  readonly rounds: number;
}

type ErrandInput = { -readonly [K in keyof Errand]: Errand[K] };

export interface Executed {
  readonly key: string;
  readonly value: number;
}

export interface ProgramWorldOptions {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly swarm: Swarm;
  readonly areFaultsOn: () => boolean;
  readonly counts: FaultCounts;
  readonly onExecuted: (executed: Executed) => void;
}

export function programRunIdOf(number: number): string {
  return derivedId('program-run', String(number));
}

export class ProgramWorld {
  readonly #options: ProgramWorldOptions;

  constructor(options: ProgramWorldOptions) {
    this.#options = options;
  }

  registry(machine: Machine): ProgramRegistry {
    const errand = defineProgram<ErrandInput, number>({ name: 'errand', version: '1', run: (context, input) => this.#run(context, input, machine) });
    return new ProgramRegistry([errand]);
  }

  async #run(context: ProgramContext, errand: ErrandInput, machine: Machine): Promise<number> {
    const step = (on: ProgramContext, name: string, value: number): Promise<number> =>
      on.step(name, ({ idempotencyKey }) => this.#execute(machine, idempotencyKey, value), { args: { value } }).catch(insteadOfFailure);
    let sum = await step(context, 'first', errand.number);
    const branches = Array.from({ length: errand.branches }, (_, index) => async (branch: ProgramContext) => {
      if (index % 2 === 1) await branch.sleep(errand.sleepMs / 2);
      return step(branch, `branch-${index}`, index);
    });
    sum += (await context.all(branches)).reduce((total, one) => total + one, 0);
    if (errand.sleepMs > 0) await context.sleep(errand.sleepMs);
    if (errand.waits) sum += await context.waitFor<number>('word');
    if (errand.depth > 0) sum += await context.child<number>({ name: 'errand', version: '1' }, { ...errand, waits: false, rounds: 0, depth: errand.depth - 1 }).catch(insteadOfFailure);
    if (errand.rounds > 0) return context.continueAsNew({ ...errand, rounds: errand.rounds - 1 });
    return sum + (await step(context, 'last', 1));
  }

  async #execute(machine: Machine, key: string, value: number): Promise<number> {
    const { areFaultsOn, random, swarm, counts, onExecuted } = this.#options;
    await machine.hop('run step');
    if (areFaultsOn() && swarm.programs.stepFails > 0 && random.chance(swarm.programs.stepFails) && counts.add('program.stepFails')) throw new Error('the step failed');
    onExecuted({ key, value });
    await machine.sleep(random.between(1, 500), 'step goes on');
    return value;
  }
}

/** What is caught must be what the record says again: a failure that the program may see, and nothing else. */
function insteadOfFailure(error: unknown): number {
  if (error instanceof StepFailed || error instanceof ChildFailed) return -1_000;
  throw error;
}

/** Starts programs, gives them the word they wait for once they are on record, and cancels some. */
export class ProgramCustomer {
  readonly errands: readonly Errand[];
  readonly cancelled = new Set<string>();
  readonly #answered = new Set<string>();
  #commands = 0;

  constructor(
    private readonly machine: Machine,
    private readonly connection: LogConnection,
    private readonly random: Random,
    swarm: Swarm,
  ) {
    this.errands = Array.from({ length: swarm.programs.count }, (_, number) => ({
      number: number + 1,
      branches: random.whole(1, 3),
      sleepMs: random.chance(0.7) ? random.whole(1, 30_000) : 0,
      waits: random.chance(0.5),
      depth: random.whole(0, 1),
      rounds: random.whole(0, 2),
    }));
    for (const errand of this.errands) {
      const atMs = random.between(0, 12_000);
      const runId = programRunIdOf(errand.number);
      machine.post(atMs, () => void this.#send(runId, { type: 'runtime.loop.start-program', program: 'errand', version: '1', input: errand, dataSubject: 'client' }));
      if (!random.chance(swarm.programs.cancels)) continue;
      this.cancelled.add(runId);
      machine.post(atMs + random.between(0, 30_000), () => void this.#cancel(runId));
    }
  }

  /** Each word is given when it is waited for, and given again at once: the second changes nothing. */
  watch(commit: Commit): void {
    if (commit.address.entity !== 'loop') return;
    for (const event of commit.events as readonly ProgramEvent[]) {
      if (event.type === 'runtime.loop.program-started') this.#started.add(commit.address.key);
      if (event.type !== 'runtime.loop.event-awaited' || this.#answered.has(commit.id)) continue;
      this.#answered.add(commit.id);
      const body = { type: 'runtime.loop.deliver-event', eventId: derivedId('word', commit.id), name: 'word', payload: this.random.whole(1, 9) };
      const afterMs = this.random.between(0, 10_000);
      for (const extraMs of this.random.chance(0.5) ? [0, 1_000] : [0]) this.machine.post(afterMs + extraMs, () => void this.#send(commit.address.key, body));
    }
  }

  readonly #started = new Set<string>();

  /** Nothing can be cancelled that was never begun; it is tried until it has. */
  #cancel(runId: string): void {
    if (this.#started.has(runId)) void this.#send(runId, { type: 'runtime.loop.cancel-program', because: 'It goes nowhere.' });
    else this.machine.post(5_000, () => this.#cancel(runId));
  }

  #send(key: string, body: unknown): Promise<void> {
    this.#commands += 1;
    return this.connection.log.command({ context: 'runtime', entity: 'loop', key }, { id: derivedId('program-command', String(this.#commands)), actor: 'operator', body });
  }
}
