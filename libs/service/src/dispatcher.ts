/**
 * Hands deliveries to reactors and settles them: ack after the work is on the log, back off when the world failed,
 * dead-letter what cannot succeed. The broker's ack is a hint; what was done is read from the log.
 *
 * I1 an ack follows the reactor's last commit, never precedes it
 * I2 deliveries of one key run one after the other; other keys never wait for them
 * I3 a delivery that comes again is done only when its last holder is gone: what a living worker is at, slowly or stalled,
 *    is not bought twice. That is liveness; what keeps a zombie off is the log (ADR 0012)
 */
import type { Command, Commit, Delivery, Due, LogConnection, Peers } from '@soloist/eventlog';
import { inSpan, type Logger } from '@soloist/telemetry';
import type { DecisionClock } from './clock.js';
import { Committer, type Origin } from './committer.js';
import { crashPoint } from './crash-point.js';
import { Hands, nameOf } from './hands.js';
import { KeyedPool } from './keyed-pool.js';
import type { CommandReactor, Reactor, Work } from './reactor.js';
import { isAboutLetter, settleLetter } from './redelivery.js';
import type { Service, SourceWork } from './service.js';
import { Settlement, wishOf } from './settlement.js';

const CONCURRENT_KEYS = 64;
/** A delivery that another worker is at is looked at again after this; its holder's signs of life put that off. */
const LOOK_AGAIN_MS = 400;

export class Dispatcher<Ports> {
  private readonly pool = new KeyedPool(CONCURRENT_KEYS);
  private readonly committer: Committer;
  private readonly hands = new Hands();
  private readonly settlement: Settlement;
  private peers: Pick<Peers, 'holderOf'> | null = null;
  private readonly byType = new Map<string, Reactor<Ports>[]>();
  private readonly byCommand = new Map<string, CommandReactor<Ports>>();

  constructor(
    private readonly service: Service<unknown, Ports>,
    private readonly connection: LogConnection,
    private readonly ports: Ports,
    private readonly clock: DecisionClock,
    private readonly logger: Logger,
  ) {
    this.committer = new Committer(connection.log, service.name, clock);
    this.settlement = new Settlement(service.name, connection.log, clock, logger);
    for (const reactor of service.reactors) {
      for (const type of reactor.on) this.byType.set(type, [...(this.byType.get(type) ?? []), reactor]);
    }
    for (const command of service.commands) this.byCommand.set(command.on, command);
  }

  /** Resolves when the delivery is settled; never rejects. */
  dispatch(delivery: Delivery): Promise<void> {
    return this.hands.take(delivery, (mine) => this.pool.run(this.laneOf(mine), () => this.handle(mine)));
  }

  /** Whether a delivery, by its name, or any of a key is in hand here: what other workers ask. */
  holds(name: string): boolean {
    return name.startsWith(OF_KEY) ? this.hands.hasAnyOf(name.slice(OF_KEY.length)) : this.hands.has(name);
  }

  /** From now on others are asked before a delivery is taken over. */
  meet(peers: Pick<Peers, 'holderOf'>): void {
    this.peers = peers;
  }

  idle(): Promise<void> {
    return this.pool.idle();
  }

  sourceWork(connection: LogConnection): SourceWork<Ports> {
    return {
      ports: this.ports,
      connection,
      redo: async (commit) => {
        const lost = lostDeliveryOf(commit);
        if (!this.holds(nameOf(lost))) await this.dispatch(lost);
      },
      holderOf: (key) => this.holderOfKey(key),
      commit: (seed, entity, key, step, decide, options) =>
        this.committer.commit({ cause: null, seed, decider: 'source', traceparent: null }, entity, key, step, decide, options),
    };
  }

  /** Runs the reactors of one event, as a delivery would. Replay uses it directly. */
  async reactTo(commit: ReturnType<Delivery['commit']>, deliveryCount: number, mayBeHeld = false): Promise<number> {
    let ran = 0;
    for (const [index, event] of commit.events.entries()) {
      for (const reactor of this.byType.get(event.type) ?? []) {
        ran += 1;
        const name = `${this.service.name}.${reactor.name}`;
        await inSpan(name, commit.traceparent, { 'messaging.destination.name': commit.subject }, (traceparent) => {
          const origin: Origin = { cause: commit.id, seed: commit.id, decider: reactor.name, traceparent };
          return reactor.react({ id: `${commit.id}/${index}`, index, event, commit }, this.work(origin, deliveryCount, mayBeHeld));
        });
      }
    }
    return ran;
  }

  async execute(command: Command, deliveryCount: number, mayBeHeld = false): Promise<void> {
    if (isAboutLetter(command.body)) return this.settleLetter(command, deliveryCount);
    const type = (command.body as { type?: unknown } | null)?.type;
    const reactor = typeof type === 'string' ? this.byCommand.get(type) : undefined;
    if (reactor === undefined) throw new Error(`no reactor of ${this.service.name} knows the command ${JSON.stringify(type)}`);
    const origin: Origin = { cause: command.id, seed: command.id, decider: reactor.name, traceparent: null };
    await reactor.react(command, this.work(origin, deliveryCount, mayBeHeld));
  }

  private async settleLetter(command: Command, deliveryCount: number): Promise<void> {
    const outcome = await settleLetter(command, {
      service: this.service.name,
      log: this.connection.log,
      now: () => this.clock.now(command.id),
      reactTo: (commit) => this.reactTo(commit, deliveryCount),
      execute: (again) => this.execute(again, deliveryCount),
    });
    this.logger.info(`dead letter ${outcome}`, { key: command.address.key, command: command.id });
  }

  /** The timer's id is the cause of what follows, so that a timer that fires twice is recognised. */
  async look(due: Due, deliveryCount: number, mayBeHeld = false): Promise<void> {
    const reactor = this.service.timers?.find((candidate) => candidate.on === due.address.entity);
    if (reactor === undefined) throw new Error(`no reactor of ${this.service.name} looks at timers of ${due.address.entity}`);
    const origin: Origin = { cause: due.timerId, seed: due.timerId, decider: reactor.name, traceparent: null };
    await reactor.react(due, this.work(origin, deliveryCount, mayBeHeld));
  }

  private work(origin: Origin, deliveryCount: number, mayBeHeld: boolean): Work<Ports> {
    const { committer, connection } = this;
    return {
      ports: this.ports,
      cause: origin.cause ?? origin.seed,
      deliveryCount,
      mayBeHeld,
      log: connection.log,
      working: connection.working,
      load: (entity, key) => committer.load(entity, key),
      remembered: (entity, key) => committer.remembered(entity, key),
      commit: (entity, key, step, decide, options) => committer.commit(origin, entity, key, step, decide, options),
      head: (address) => connection.log.head(address),
    };
  }

  /** A commit without an outline is decoded in any case: that tells whether it is held or buried. */
  private isWanted(delivery: Delivery): boolean {
    const outline = delivery.outline?.() ?? null;
    if (outline === null) return true;
    const { context, entity, key } = delivery.address;
    for (const witness of this.service.witnesses ?? []) if (witness.of === `${context}.${entity}`) witness.see(key, outline, this.ports);
    return outline.types.some((type) => this.byType.has(type));
  }

  /**
   * What has to wait for what. A letter that is handed over again takes its turn among the deliveries it stands for; a
   * wish that may overtake waits for none, or it would come after what it is to interrupt.
   */
  private laneOf(delivery: Delivery): string {
    const { kind, address } = delivery;
    const body = wishOf(delivery).command?.body;
    if (isAboutLetter(body)) return `event:${address.key}`;
    const type = (body as { type?: unknown } | null | undefined)?.type;
    const mayOvertake = typeof type === 'string' && this.byCommand.get(type)?.mayOvertake === true;
    return mayOvertake ? nameOf(delivery) : `${kind}:${address.key}`;
  }

  private async handle(delivery: Delivery): Promise<void> {
    if (this.settlement.isOverdue(delivery)) return this.settlement.bury(delivery, `delivered ${delivery.deliveryCount} times`);
    try {
      const holder = await this.holderOf(delivery);
      if (holder === 'another') return delivery.retryIn(LOOK_AGAIN_MS);
      const mayBeHeld = holder === 'unclear';
      if (delivery.kind === 'command') await this.execute(delivery.command(), delivery.deliveryCount, mayBeHeld);
      else if (delivery.kind === 'timer') await this.look(delivery.due(), delivery.deliveryCount, mayBeHeld);
      else if (this.isWanted(delivery)) await this.reactTo(delivery.commit(), delivery.deliveryCount, mayBeHeld);
      crashPoint(`before-ack:${delivery.address.context}.${delivery.address.entity}`);
      await delivery.ack();
      this.settlement.succeeded(delivery);
    } catch (error) {
      await this.settlement.failed(delivery, error);
    }
  }

  private async holderOfKey(key: string): Promise<'nobody' | 'another' | 'unclear'> {
    const name = `${OF_KEY}${key}`;
    if (this.holds(name)) return 'another';
    return this.peers === null ? 'nobody' : this.peers.holderOf(name);
  }

  private async holderOf(delivery: Delivery): ReturnType<Peers['holderOf']> {
    if (this.peers === null || !this.hands.mayBeElsewhere(delivery)) return 'nobody';
    const holder = await this.peers.holderOf(nameOf(delivery));
    if (holder === 'nobody') this.hands.isOurs(delivery);
    return holder;
  }
}

const OF_KEY = 'key:';

/** Counts as one of many, so that whoever may have it is asked, and its commits are taken for nobody else's. */
const REDONE = 32;

/** A delivery that nobody waits for: what becomes of it is on the log, or tried again by whoever looks there. */
function lostDeliveryOf(commit: Commit): Delivery {
  const none = (): never => {
    throw new TypeError(`${commit.subject} is an event`);
  };
  const { subject, address, position } = commit;
  return { kind: 'event', subject, address, position, deliveryCount: REDONE, commit: () => commit, command: none, due: none, ack: () => Promise.resolve(), retryIn: () => {}, working: () => {}, terminate: () => {} };
}
