/**
 * A campaign against one company: faults of every kind under load, in rounds; after each round the faults stop, and
 * everything must come to rest and hold.
 *
 * I1 faults are counted when they really happened
 * I2 after a round nothing new comes in, and each run has 60 s to be closed or to wait for a human
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Luck, projectionsEqual, type Violation } from '@soloist/testing';
import { Company } from './company/company.js';
import { keepDossier } from './company/dossier.js';
import { Load } from './company/load.js';
import { tableSums } from './company/table-sums.js';
import { CUTS, loseFrames, pauseBroker, pauseWorker, slowBroker, wrongClocks } from './faults/disturbances.js';
import { FAULT_KINDS, type Fault, type FaultKind, type Scene } from './faults/fault.js';
import { databaseKill, databaseReset, Kills } from './faults/kills.js';

export type FaultCounts = Readonly<Record<FaultKind, number>>;

export interface CampaignOptions {
  readonly wanted: FaultCounts;
  readonly seed: number;
  readonly report: (line: string) => void;
  readonly onFault?: (name: string, hasStruck: boolean) => void;
  /** Faults between two looks. */
  readonly roundOf?: number;
  readonly restWithinMs?: number;
}

export interface CampaignReport extends FaultCounts {
  readonly acknowledged: number;
  readonly commits: number;
  readonly mails: number;
  readonly runsClosed: number;
  readonly delivered: number;
  /** Effects whose outcome nobody can tell: they stand behind a gate. */
  readonly unknown: number;
  readonly boundaries: number;
  readonly violations: readonly Violation[];
}

const ROUND_OF = 20;
const REST_WITHIN_MS = 60_000;
/** As many tries as this without a single hit, and the harness itself is broken. */
const MISSES = 40;

export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
  const company = await Company.start();
  const luck = new Luck(options.seed);
  const load = new Load(company, new Luck(options.seed + 1), options.seed);
  const run = new Campaign(options, { company, luck }, load);
  try {
    return await run.fight();
  } finally {
    await load.stop();
    await company.stop();
  }
}

class Campaign {
  private readonly done: Record<FaultKind, number> = { kills: 0, pauses: 0, cuts: 0, frames: 0, slow: 0, clocks: 0, databases: 0 };
  private readonly kills = new Kills();
  private readonly violations: Violation[] = [];

  constructor(
    private readonly options: CampaignOptions,
    private readonly scene: Scene,
    private readonly load: Load,
  ) {}

  async fight(): Promise<CampaignReport> {
    this.disturbWorld();
    await this.warmUp();
    while (this.violations.length === 0 && this.left().length > 0) await this.round();
    if (this.violations.length === 0) await this.rebuild();
    return this.reportOf();
  }

  /** One mail to its end, so that the boundaries of the flow are known. */
  private async warmUp(): Promise<void> {
    const deadline = performance.now() + REST_WITHIN_MS;
    while (this.scene.company.mail.delivered.length < 2) {
      if (performance.now() > deadline) throw new Error('without any fault no mail went out within 60 s: there is nothing to be tried');
      await pause(100);
    }
  }

  private async round(): Promise<void> {
    this.load.resume();
    let misses = 0;
    for (let struck = 0; struck < (this.options.roundOf ?? ROUND_OF) && this.left().length > 0; ) {
      const fault = await this.next();
      if (await this.strike(fault)) struck += 1;
      else if ((misses += 1) > MISSES) throw new Error(`${MISSES} faults in a row hit nothing, the last was: ${fault.name}`);
    }
    await this.rest();
  }

  private async strike(fault: Fault): Promise<boolean> {
    const hasStruck = await fault.strike(this.scene);
    if (hasStruck) this.done[fault.kind] += 1;
    this.options.onFault?.(fault.name, hasStruck);
    return hasStruck;
  }

  private left(): readonly FaultKind[] {
    return FAULT_KINDS.filter((kind) => this.done[kind] < this.options.wanted[kind]);
  }

  /** Kinds come in the proportion in which they are still wanted. */
  private async next(): Promise<Fault> {
    const { luck } = this.scene;
    const wanted = this.left().flatMap((kind) => Array.from({ length: this.options.wanted[kind] - this.done[kind] }, () => kind));
    switch (luck.of(wanted)) {
      case 'kills':
        return this.kills.next(this.scene);
      case 'pauses':
        return luck.chance(0.7) ? pauseWorker : pauseBroker;
      case 'cuts':
        return luck.of(CUTS);
      case 'frames':
        return loseFrames;
      case 'slow':
        return slowBroker;
      case 'clocks':
        return wrongClocks;
      case 'databases':
        return luck.of([databaseKill, databaseReset]);
    }
  }

  /** I2 */
  private async rest(): Promise<void> {
    const { company } = this.scene;
    this.load.pause();
    this.calmWorld();
    await company.untilReady();
    const since = performance.now();
    const within = this.options.restWithinMs ?? REST_WITHIN_MS;
    let underway = await this.underway();
    while (underway.length > 0 && performance.now() - since < within) {
      await pause(150);
      underway = await this.underway();
    }
    const found = await company.check(this.load.accepted, true);
    const stuck = underway.map((token): Violation => ({ kind: 'stuck', guarantee: 'G28', because: `${token} has neither ended nor does it wait for a human ${within / 1_000} s after the last fault` }));
    this.violations.push(...found.filter(({ kind }) => kind !== 'stuck'), ...stuck);
    if (this.violations.length > 0) this.options.report(`what was said and written is kept in ${await keepDossier(company, underway)}`);
    this.options.report(`${this.told()}; at rest after ${((performance.now() - since) / 1_000).toFixed(1)} s${this.violations.length === 0 ? '' : `\n${this.violations.slice(0, 20).map(({ because, guarantee }) => `${guarantee}: ${because}`).join('\n')}`}`);
    this.disturbWorld();
  }

  private underway(): Promise<readonly string[]> {
    return this.load.underway().catch(() => ['the log cannot be read']);
  }

  /** G6 G15: rows that were built under fire, against rows built from nothing; and the log, read anew from its start. */
  private async rebuild(): Promise<void> {
    const { company } = this.scene;
    const before = await this.settledSums();
    for (const label of ['governance', 'memory']) company.process(label).signal('SIGSTOP');
    await company.foundations.wipeDatabase();
    for (const label of ['governance', 'memory']) company.process(label).signal('SIGKILL');
    await pause(200);
    await company.untilReady();
    const deadline = performance.now() + REST_WITHIN_MS;
    let differences = projectionsEqual(before, await this.settledSums());
    while (differences.length > 0 && performance.now() < deadline) {
      await pause(300);
      differences = projectionsEqual(before, await this.settledSums());
    }
    await company.reader.readAgain();
    this.violations.push(...differences, ...(await company.check(this.load.accepted, true)));
  }

  /** Taken twice, until nothing moves between the two. */
  private async settledSums(): Promise<Awaited<ReturnType<typeof tableSums>>> {
    const { databaseUrl } = this.scene.company.foundations;
    for (;;) {
      const one = await tableSums(databaseUrl);
      await pause(400);
      const other = await tableSums(databaseUrl);
      if (projectionsEqual(one, other).length === 0 || one.every(({ rows }) => rows === 0)) return other;
    }
  }

  private disturbWorld(): void {
    const { company, luck } = this.scene;
    company.mail.fateOfNext = () => (luck.chance(0.8) ? 'take' : luck.of(['hang-up', 'refuse-late', 'slow', 'defer', 'break'] as const));
    company.model.fateOfNext = () => (luck.chance(0.85) ? 'answer' : luck.of(['lose', 'fail', 'slow'] as const));
  }

  private calmWorld(): void {
    this.scene.company.mail.fateOfNext = () => 'take';
    this.scene.company.model.fateOfNext = () => 'answer';
  }

  private told(): string {
    const { company } = this.scene;
    return `${FAULT_KINDS.map((kind) => `${kind} ${this.done[kind]}`).join(', ')}; acknowledged ${company.acknowledged.length}, mails ${this.load.accepted.length}, delivered ${company.mail.delivered.length}`;
  }

  private reportOf(): CampaignReport {
    const { company } = this.scene;
    const types = company.reader.commits.flatMap((commit) => commit.events.map(({ type }) => type));
    const count = (wanted: string): number => types.filter((type) => type === wanted).length;
    return {
      ...this.done,
      acknowledged: company.acknowledged.length,
      commits: company.reader.commits.length,
      mails: this.load.accepted.length,
      runsClosed: count('orchestrator.run.closed'),
      delivered: company.mail.delivered.length,
      unknown: count('connectors.effect.unknown'),
      boundaries: this.kills.boundaries.size,
      violations: this.violations,
    };
  }
}
