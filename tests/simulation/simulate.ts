/**
 * Runs one seed from the first mail until nothing is left to do, and holds every step against the invariants.
 *
 * I1 the seed decides everything: the same seed gives the same log, byte for byte
 * I2 faults end at some moment; from then on everything has to come to rest
 */
import { createHash } from 'node:crypto';
import { createMemoryKeyTable, createMemoryLog, type MemoryLog } from '@soloist/eventlog';
import { Agenda, FaultCounts, Machine, Random, withVirtualTimers, type Fate, type WireFaults } from '@soloist/testing';
import { Company, EPOCH_MS } from './company.js';
import { BudgetWatch } from './invariants/budget.watch.js';
import { EffectWatch } from './invariants/effect.watch.js';
import { GateWatch } from './invariants/gate.watch.js';
import { LogWatch } from './invariants/log.watch.js';
import { LoopWatch } from './invariants/loop.watch.js';
import { ProgramWatch } from './invariants/program.watch.js';
import { ProgressWatch } from './invariants/progress.watch.js';
import { Broken, type Watch } from './invariants/watch.js';
import { unchanged, type Mutation } from './mutation.js';
import { describeCommit, type SeedReport, type Violation } from './report.js';
import { Inbox, type IncomingMail } from './world/inbox.js';
import { MailWorld } from './world/mail-world.js';
import { Operator } from './world/operator.js';
import { ScriptedModel } from './world/scripted-model.js';
import { ProgramCustomer, ProgramWorld } from './world/programs.js';
import { Successor } from './world/successor.js';
import { swarmOf, type Swarm } from './world/swarm.js';

export interface SimulateOptions {
  readonly mutation?: Mutation;
  readonly change?: (swarm: Swarm) => Swarm;
}

/** What rests is still looked at: three steps a second of its time, and a program that continues may sleep for days. */
const MOST_STEPS = 3_000_000;
/** A timer set by a clock that is a day ahead is due a day later. */
const LONGEST_MS = 30 * 24 * 3_600_000;
const TRACED = 40;
const HALT_SLOT_MS = 30_000;
const LAST_MAIL_MS = 12_000;
const NO_FAULTS: WireFaults = { loseAnswer: 0, loseRequest: 0, deliverLate: 0, unreachable: 0, failRead: 0, loseSettling: 0 };

export function simulate(seed: number, options: SimulateOptions = {}): Promise<SeedReport> {
  const world = new World(seed, options);
  return withVirtualTimers(world.agenda, () => world.run());
}

class World {
  readonly agenda: Agenda;
  private readonly random: Random;
  private readonly swarm: Swarm;
  private readonly log: MemoryLog;
  private readonly mail: MailWorld;
  private readonly model: ScriptedModel;
  private readonly programs: ProgramWorld;
  private readonly customer: ProgramCustomer;
  private readonly inbox = new Inbox();
  private readonly operator: Operator;
  private readonly successor: Successor;
  private readonly mails: readonly IncomingMail[];
  private readonly watches: readonly Watch[];
  private readonly logWatch = new LogWatch();
  private readonly gates = new GateWatch();
  private readonly programWatch = new ProgramWatch(() => this.customer, () => EPOCH_MS + this.agenda.now());
  private readonly loops = new LoopWatch();
  private readonly effects: EffectWatch;
  private readonly progress: ProgressWatch;
  private readonly counts = new FaultCounts();
  private readonly trace: string[] = [];
  private readonly seen: number[];
  private broken: Violation | null = null;
  private crashes = 0;
  private stops = 0;
  private commits = 0;

  constructor(
    private readonly seed: number,
    private readonly options: SimulateOptions,
  ) {
    this.random = new Random(`seed ${seed}`);
    this.agenda = new Agenda(this.random.fork('order'), EPOCH_MS);
    const swarm = swarmOf(this.random.fork('swarm'));
    this.swarm = options.change?.(swarm) ?? swarm;
    const acks = this.random.fork('acks');
    const forgetsAck = (): boolean => this.areFaultsOn() && this.swarm.forgetsAcks > 0 && acks.chance(this.swarm.forgetsAcks) && this.counts.add('broker.forgetsAck');
    this.log = createMemoryLog({ streams: this.swarm.streams, keys: createMemoryKeyTable('simulation'), keepsDecoded: true, scheduler: this.agenda, faults: { forgetsAck } });
    this.seen = Array.from({ length: this.swarm.streams }, () => 0);
    const areFaultsOn = (): boolean => this.areFaultsOn();
    const shared = { swarm: this.swarm, areFaultsOn, counts: this.counts };
    this.mail = new MailWorld({ ...shared, agenda: this.agenda, random: this.random.fork('mail'), onAccepted: (one) => this.tell(`mail ${one.key} accepted`, (watch) => watch.onAccepted?.(one)) });
    this.model = new ScriptedModel({ ...shared, random: this.random.fork('model'), onCharged: (one) => this.tell(`model charged mail ${one.mail}`, (watch) => watch.onCharged?.(one)) });
    this.programs = new ProgramWorld({ ...shared, agenda: this.agenda, random: this.random.fork('programs'), onExecuted: (one) => this.tell(`step ${one.key} ran`, (watch) => watch.onExecuted?.(one)) });
    const desk = new Machine('operator', this.agenda, this.random.fork('operator machine'), () => undefined);
    this.operator = new Operator(desk, this.log.connect('governance'), this.random.fork('operator'), this.swarm);
    this.successor = new Successor(desk, this.log.connect('runtime').log, this.random.fork('successor'), this.swarm);
    this.customer = new ProgramCustomer(desk, this.log.connect('governance'), this.random.fork('customer'), this.swarm);
    this.mails = this.drawMails();
    this.effects = new EffectWatch(this.gates, this.loops, this.mail);
    this.progress = new ProgressWatch(this.mails, this.gates, this.effects, this.operator, { now: () => this.agenda.now(), faultsEndMs: Math.max(this.swarm.faultsEndMs, LAST_MAIL_MS), hopMs: this.swarm.slowdown });
    this.watches = [this.logWatch, this.loops, new BudgetWatch(this.loops), this.gates, this.effects, this.programWatch, this.progress];
    this.plan(desk);
  }

  async run(): Promise<SeedReport> {
    let steps = 0;
    let seenChanges = 0;
    let look: Promise<void> | null = null;
    let trouble: unknown = null;
    await this.agenda.run(() => {
      if (look !== null) throw trouble ?? new Error('looking at the log left the microtask queue');
      if (this.log.broker.changes !== seenChanges) {
        seenChanges = this.log.broker.changes;
        look = this.look().then(
          () => void (look = null),
          (error: unknown) => void (trouble = error),
        );
        return 'wait';
      }
      steps += 1;
      if (steps > MOST_STEPS || this.agenda.now() > LONGEST_MS) this.break('G28 progress', `nothing comes to rest: ${steps} steps, ${Math.round(this.agenda.now())} ms`);
      return this.broken === null ? 'go-on' : 'stop';
    });
    this.tell('end', (watch) => watch.atEnd?.());
    const { seed, crashes, stops, commits, trace, log } = this;
    const runs = this.loops.runs.size;
    const closedRuns = [...this.progress.closed].filter((runId) => this.loops.runs.has(runId));
    const doubled = new Set(this.mail.accepted.map(({ key }) => key).filter((key) => this.mail.arrivedUnder(key).length > 1)).size;
    const rest = { runs, faults: this.counts.total, faultsByKind: this.counts.byKind, mails: this.mail.accepted.length, doubled, lost: this.logWatch.lost + this.effects.lost, stuck: this.progress.stuck + this.programWatch.stuck, programs: this.programWatch.programs.size,  unknown: this.effects.unknown, longestMs: Math.round(this.progress.longestMs), violation: this.broken, hash: this.hash(), closedRuns };
    return { seed, steps, virtualMs: this.agenda.now(), crashes, stops, commits, ...rest, trace, log };
  }

  private plan(desk: Machine): void {
    const chance = this.random.fork('plan');
    const { swarm, agenda } = this;
    new Company({
      agenda,
      random: this.random.fork('company'),
      fate: this.fate(),
      wireFaults: () => (this.areFaultsOn() ? swarm.wire : NO_FAULTS),
      swarm,
      log: this.log,
      mail: this.mail,
      model: this.model,
      programs: this.programs,
      inbox: this.inbox,
      counts: this.counts,
      mutation: this.options.mutation ?? unchanged,
      onAcknowledged: (commit) => this.logWatch.onAcknowledged(commit),
      onDefect: (text) => this.onDefect(text),
    }).start();
    for (const mail of this.mails) agenda.put(null, chance.between(0, LAST_MAIL_MS), false, () => this.inbox.arrive(mail));
    for (let count = 0; count < swarm.brokerRestarts; count += 1) {
      agenda.put(null, chance.between(0, swarm.faultsEndMs), false, () => this.restartBroker(chance));
    }
    for (let stop = 0; stop < swarm.halts; stop += 1) desk.post(stop * HALT_SLOT_MS + chance.between(0, 8_000), () => void this.operator.halt(stop + 1));
  }

  private drawMails(): readonly IncomingMail[] {
    const chance = this.random.fork('mails');
    const drawn = Array.from({ length: this.swarm.mails }, (_, number) => ({ number, sender: `client-${chance.whole(0, 1)}@client.example`, isQuestion: number === 0 || chance.chance(0.8) }));
    const [first] = drawn;
    return first !== undefined && chance.chance(0.2) ? [...drawn, first] : drawn;
  }

  private restartBroker(chance: Random): void {
    this.note('broker restarts');
    this.counts.add('broker.restart');
    const { forgetsCounts } = this.swarm;
    this.log.broker.restart(() => forgetsCounts > 0 && chance.chance(forgetsCounts));
  }

  private fate(): Fate {
    const chance = this.random.fork('fate');
    const { crash, stop, longestStopMs } = this.swarm;
    return (machine, hop) => {
      if (!this.areFaultsOn()) return;
      if (crash > 0 && chance.chance(crash)) {
        this.crashes += 1;
        this.counts.add('process.crash');
        this.note(`${machine.name} dies at ${hop}`);
        machine.kill();
      } else if (stop > 0 && chance.chance(stop)) {
        this.stops += 1;
        this.counts.add('process.stop');
        this.note(`${machine.name} is stopped at ${hop}`);
        machine.stopFor(chance.between(100, longestStopMs));
      }
    };
  }

  private areFaultsOn(): boolean {
    return this.agenda.now() < this.swarm.faultsEndMs;
  }

  /** Every commit since the last look, in the order of each stream. */
  private async look(): Promise<void> {
    for (const [stream, from] of this.seen.entries()) {
      if (this.log.broker.lastSequence(`EVENTS-${stream}`) === from) continue;
      for (const commit of await this.log.log.readAfter(stream, from, 1_000)) {
        this.seen[stream] = commit.position.sequence;
        this.commits += 1;
        this.tell(describeCommit(commit), (watch) => watch.onCommit?.(commit));
        this.customer.watch(commit);
        this.operator.watch(commit);
        this.successor.watch(commit);
      }
    }
  }

  private tell(what: string, hear: (watch: Watch) => void): void {
    this.note(what);
    for (const watch of this.watches) {
      try {
        if (this.broken === null) hear(watch);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        this.break(watch.name, error.message);
      }
    }
  }

  private onDefect(text: string): void {
    this.note(text);
    if (text.includes('defect:') || text.includes('dead letter') || text.includes('did not start')) this.break('defect', text);
  }

  private break(invariant: string, because: string): void {
    this.broken ??= { seed: this.seed, invariant, because, atMs: Math.round(this.agenda.now()) };
  }

  private note(what: string): void {
    this.trace.push(`${this.agenda.now().toFixed(1).padStart(10)} ms  ${what}`);
    if (this.trace.length > TRACED) this.trace.shift();
  }

  private hash(): string {
    const hash = createHash('sha256');
    for (const stream of [...this.seen.keys()].map((index) => `EVENTS-${index}`).concat('COMMANDS', 'DEAD')) {
      for (const { sequence, subject, headers, body } of this.log.broker.stored(stream)) hash.update(JSON.stringify([stream, sequence, subject, headers])).update(body);
    }
    return hash.digest('hex');
  }
}
