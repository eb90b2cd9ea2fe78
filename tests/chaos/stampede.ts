/**
 * A stampede on a limit: hundreds of mails whose runs all want money from a company that may spend 1.00 a day, while the
 * processes that count it and those that spend it are killed. The provider keeps a bill of its own.
 *
 * I1 the first requests are all there before one is answered: governance sleeps until their mails were taken in; after
 *    them there are always more runs at the door than the limit has room for
 * I2 the limit is really met: what was committed came to at least nine tenths of it, and some were turned away
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { AnyEvent, BudgetEvent } from '@soloist/contracts';
import { Luck, type Violation } from '@soloist/testing';
import { Company } from './company/company.js';
import { inputOf } from './company/inputs.js';
import { Load } from './company/load.js';

export interface StampedeOptions {
  readonly mails: number;
  readonly kills: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

export interface StampedeReport {
  readonly mails: number;
  readonly kills: number;
  /** Runs whose envelope was reserved, and those that were turned away. */
  readonly admitted: number;
  readonly turnedAway: number;
  /** Reserved and spent together, at the prefix of the ledger where it was most. */
  readonly mostCommittedMicros: number;
  readonly limitMicros: number;
  readonly settledMicros: number;
  /** What the provider put on its bill. */
  readonly billedMicros: number;
  readonly mostCallsAtOnce: number;
  readonly violations: readonly Violation[];
}

const LIMIT_MICROS = 1_000_000;
/** A call costs so much that the mails together would cost more than the limit. */
const USAGE = { prompt_tokens: 600, completion_tokens: 450 } as const;
const CALL_TAKES_MS = 1_000;
/** Those who count the money and those who spend it. */
const VICTIMS = ['governance', 'runtime', 'runtime-2', 'orchestrator'] as const;
const BETWEEN_KILLS_MS = { from: 300, to: 1_500 } as const;
const ENDS_WITHIN_MS = 300_000;
const FIRST = 60;
/** An envelope is a fifth of the limit. */
const AT_THE_DOOR = 25;

export async function stampede(options: StampedeOptions): Promise<StampedeReport> {
  const company = await Company.start({ dayLimitMicros: LIMIT_MICROS });
  const load = new Load(company, new Luck(options.seed + 1), options.seed, 0);
  try {
    return await new Stampede(options, company, load).run();
  } finally {
    await load.stop();
    await company.stop();
  }
}

class Stampede {
  private readonly luck: Luck;
  private kills = 0;

  constructor(
    private readonly options: StampedeOptions,
    private readonly company: Company,
    private readonly load: Load,
  ) {
    this.luck = new Luck(options.seed);
  }

  async run(): Promise<StampedeReport> {
    const { company, load, options } = this;
    Object.assign(load.manners, { leaves: 0 });
    company.model.usage = USAGE;
    company.model.takesMs = CALL_TAKES_MS;
    company.model.fateOfNext = () => (this.luck.chance(0.9) ? 'answer' : this.luck.of(['lose', 'fail'] as const));
    await this.gather();
    const killing = this.kill();
    await this.untilSent();
    const underway = await this.untilEnded();
    await killing;
    options.report(`${options.mails} mails, ${this.kills} kills, ${underway.length} still under way`);
    return this.reportOf(underway);
  }

  /** I1 */
  private async gather(): Promise<void> {
    const { company, load } = this;
    company.process('governance').signal('SIGSTOP');
    load.resume(FIRST);
    while (load.accepted.length < FIRST) await pause(50);
    load.resume(AT_THE_DOOR);
    company.process('governance').signal('SIGCONT');
  }

  private async untilSent(): Promise<void> {
    while (this.load.accepted.length < this.options.mails) await pause(100);
    this.load.pause();
  }

  private async kill(): Promise<void> {
    while (this.kills < this.options.kills) {
      await pause(this.luck.between(BETWEEN_KILLS_MS.from, BETWEEN_KILLS_MS.to));
      const victim = this.company.process(this.luck.of(VICTIMS));
      if (victim.isReady && victim.signal('SIGKILL')) this.kills += 1;
    }
  }

  private async untilEnded(): Promise<readonly string[]> {
    const deadline = performance.now() + ENDS_WITHIN_MS;
    for (;;) {
      const underway = await this.load.underway();
      if ((underway.length === 0 && this.kills === this.options.kills) || performance.now() > deadline) return underway;
      await pause(300);
    }
  }

  /** Closed runs settle a moment later. */
  private async untilSettled(): Promise<void> {
    const deadline = performance.now() + ENDS_WITHIN_MS;
    const { company } = this;
    while (ledgerIn(company.reader.commits.flatMap(({ events }) => events)).open > 0 && performance.now() < deadline) {
      await pause(200);
      await company.reader.readOn();
    }
  }

  private async reportOf(underway: readonly string[]): Promise<StampedeReport> {
    const { company, load, options } = this;
    await this.untilSettled();
    const found = (await company.check(load.accepted, true)).filter(({ kind }) => kind !== 'stuck');
    const stuck = underway.map((token): Violation => ({ kind: 'stuck', guarantee: 'G28', because: `the run of ${token} has not ended ${ENDS_WITHIN_MS / 1_000} s after the stampede` }));
    const ledger = ledgerIn(company.reader.commits.flatMap(({ events }) => events));
    const runs = new Set(load.accepted.map((token) => inputOf(token).runId));
    const billedMicros = company.model.bill.reduce((sum, { micros }) => sum + micros, 0);
    const over: Violation[] = billedMicros > ledger.settledMicros ? [{ kind: 'broken', guarantee: 'G11', because: `the provider's bill is ${billedMicros}, settled were ${ledger.settledMicros}` }] : [];
    return {
      mails: runs.size,
      kills: this.kills,
      admitted: ledger.reserved.size,
      turnedAway: [...runs].filter((runId) => !ledger.reserved.has(runId)).length,
      mostCommittedMicros: ledger.mostMicros,
      limitMicros: LIMIT_MICROS,
      settledMicros: ledger.settledMicros,
      billedMicros,
      mostCallsAtOnce: company.model.mostAtOnce,
      violations: [...found, ...stuck, ...over, ...this.emptyProof(ledger, options.mails)],
    };
  }

  /** I2 */
  private emptyProof({ mostMicros, reserved }: Ledger, mails: number): readonly Violation[] {
    const complain = (because: string): Violation => ({ kind: 'broken', guarantee: 'G11', because: `nothing was tried: ${because}` });
    return [
      ...(mostMicros < LIMIT_MICROS * 0.9 ? [complain(`at most ${mostMicros} of ${LIMIT_MICROS} were committed`)] : []),
      ...(reserved.size >= mails ? [complain('nobody was turned away')] : []),
      ...(reserved.size === 0 ? [complain('nobody was admitted')] : []),
    ];
  }
}

interface Ledger {
  readonly reserved: ReadonlySet<string>;
  readonly mostMicros: number;
  readonly settledMicros: number;
  /** Reservations that nobody has settled. */
  readonly open: number;
}

/** The books, told once more from the bare events; a stampede lasts less than a day, so all is of one or two. */
function ledgerIn(events: readonly AnyEvent[]): Ledger {
  const reserved = new Set<string>();
  const used = new Map<string, number>();
  const dayOf = new Map<string, string>();
  let mostMicros = 0;
  let settledMicros = 0;
  const book = (day: string, micros: number): void => {
    const total = (used.get(day) ?? 0) + micros;
    used.set(day, total);
    mostMicros = Math.max(mostMicros, total);
  };
  for (const event of events as readonly BudgetEvent[]) {
    if (event.type === 'governance.budget.reserved') {
      reserved.add(event.data.runId);
      dayOf.set(event.data.runId, event.data.day);
      book(event.data.day, event.data.micros);
    }
    if (event.type === 'governance.budget.settled') {
      settledMicros += event.data.spentMicros;
      book(dayOf.get(event.data.runId) ?? '', -event.data.releasedMicros);
      dayOf.delete(event.data.runId);
    }
  }
  return { reserved, mostMicros, settledMicros, open: dayOf.size };
}
