/**
 * Hands deliveries to reactors and settles them: ack after the work is on the log, back off when the world failed,
 * dead-letter what cannot succeed. The broker's ack is a hint; what was done is read from the log.
 *
 * I1 an ack follows the reactor's last commit, never precedes it
 * I2 deliveries of one key run one after the other; other keys never wait for them
 * I3 a delivery is dead-lettered before it is terminated, so poison is never lost
 */
import { DELIVERY } from '@soloist/contracts';
import type { Command, DeadLetter, Delivery, Due, LogConnection } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import { inSpan, type Logger } from '@soloist/telemetry';
import type { DecisionClock } from './clock.js';
import { Committer, type Origin } from './committer.js';
import { crashPoint } from './crash-point.js';
import { KeyedPool } from './keyed-pool.js';
import type { CommandReactor, Reactor, Work } from './reactor.js';
import { isAboutLetter, settleLetter } from './redelivery.js';
import type { Service, SourceWork } from './service.js';

const CONCURRENT_KEYS = 64;
/** A defect is tried again this often in case its cause was passing; then the message is dead. */
const DEFECT_TRIES = 5;
const PURPOSE = { event: 'reactors', command: 'commands', timer: 'timers' } as const;
const BACKOFF_MS = [100, 400, 1_000, 3_000, 10_000, 30_000];

export class Dispatcher<Ports> {
  private readonly pool = new KeyedPool(CONCURRENT_KEYS);
  private readonly committer: Committer;
  private readonly defects = new Map<string, number>();
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
    for (const reactor of service.reactors) {
      for (const type of reactor.on) this.byType.set(type, [...(this.byType.get(type) ?? []), reactor]);
    }
    for (const command of service.commands) this.byCommand.set(command.on, command);
  }

  /** Resolves when the delivery is settled; never rejects. */
  dispatch(delivery: Delivery): Promise<void> {
    // What waits for its turn is held as well: without signs of life it would come again, as a second copy in the queue.
    const signs = setInterval(() => delivery.working(), DELIVERY.signOfLifeMs);
    return this.pool.run(laneOf(delivery), () => this.handle(delivery)).finally(() => clearInterval(signs));
  }

  idle(): Promise<void> {
    return this.pool.idle();
  }

  sourceWork(connection: LogConnection): SourceWork<Ports> {
    return {
      ports: this.ports,
      connection,
      commit: (seed, entity, key, step, decide, options) =>
        this.committer.commit({ cause: null, seed, decider: 'source', traceparent: null }, entity, key, step, decide, options),
    };
  }

  /** Runs the reactors of one event, as a delivery would. Replay uses it directly. */
  async reactTo(commit: ReturnType<Delivery['commit']>, deliveryCount: number): Promise<number> {
    let ran = 0;
    for (const [index, event] of commit.events.entries()) {
      for (const reactor of this.byType.get(event.type) ?? []) {
        ran += 1;
        const name = `${this.service.name}.${reactor.name}`;
        await inSpan(name, commit.traceparent, { 'messaging.destination.name': commit.subject }, (traceparent) => {
          const origin: Origin = { cause: commit.id, seed: commit.id, decider: reactor.name, traceparent };
          return reactor.react({ id: `${commit.id}/${index}`, index, event, commit }, this.work(origin, deliveryCount));
        });
      }
    }
    return ran;
  }

  async execute(command: Command, deliveryCount: number): Promise<void> {
    if (isAboutLetter(command.body)) return this.settleLetter(command, deliveryCount);
    const type = (command.body as { type?: unknown } | null)?.type;
    const reactor = typeof type === 'string' ? this.byCommand.get(type) : undefined;
    if (reactor === undefined) throw new Error(`no reactor of ${this.service.name} knows the command ${JSON.stringify(type)}`);
    const origin: Origin = { cause: command.id, seed: command.id, decider: reactor.name, traceparent: null };
    await reactor.react(command, this.work(origin, deliveryCount));
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
  async look(due: Due, deliveryCount: number): Promise<void> {
    const reactor = this.service.timers?.find((candidate) => candidate.on === due.address.entity);
    if (reactor === undefined) throw new Error(`no reactor of ${this.service.name} looks at timers of ${due.address.entity}`);
    const origin: Origin = { cause: due.timerId, seed: due.timerId, decider: reactor.name, traceparent: null };
    await reactor.react(due, this.work(origin, deliveryCount));
  }

  private work(origin: Origin, deliveryCount: number): Work<Ports> {
    const { committer, connection } = this;
    return {
      ports: this.ports,
      cause: origin.cause ?? origin.seed,
      deliveryCount,
      log: connection.log,
      working: connection.working,
      load: (entity, key) => committer.load(entity, key),
      commit: (entity, key, step, decide, options) => committer.commit(origin, entity, key, step, decide, options),
      head: (address) => connection.log.head(address),
    };
  }

  private async handle(delivery: Delivery): Promise<void> {
    if (delivery.deliveryCount > DELIVERY.lastDelivery) return this.bury(delivery, `delivered ${delivery.deliveryCount} times`);
    try {
      if (delivery.kind === 'command') await this.execute(delivery.command(), delivery.deliveryCount);
      else if (delivery.kind === 'timer') await this.look(delivery.due(), delivery.deliveryCount);
      else await this.reactTo(delivery.commit(), delivery.deliveryCount);
      crashPoint(`before-ack:${delivery.address.context}.${delivery.address.entity}`);
      await delivery.ack();
      this.defects.delete(positionOf(delivery));
    } catch (error) {
      await this.settleFailure(delivery, error);
    }
  }

  private async settleFailure(delivery: Delivery, error: unknown): Promise<void> {
    const where = { subject: delivery.subject, deliveries: delivery.deliveryCount };
    if (isFault(error) && error.kind !== 'invalid') {
      const delay = error.retryAfterMs ?? backoff(delivery.deliveryCount, error.kind === 'unauthorized' ? 4 : 0);
      this.logger.warn(`${error.code}: ${error.message}`, { ...where, retryInMs: delay });
      delivery.retryIn(delay);
      return;
    }
    if (isFault(error)) return this.bury(delivery, `${error.code}: ${error.message}`);
    const tries = (this.defects.get(positionOf(delivery)) ?? 0) + 1;
    this.defects.set(positionOf(delivery), tries);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.logger.error(`defect: ${text}`, { ...where, tries });
    if (tries < DEFECT_TRIES) return delivery.retryIn(backoff(tries, 0));
    await this.bury(delivery, `defect: ${error instanceof Error ? error.message : String(error)}`);
  }

  private async bury(delivery: Delivery, reason: string): Promise<void> {
    try {
      await this.connection.log.dead({
        consumer: `${this.service.name}_${PURPOSE[delivery.kind]}`,
        address: { context: this.service.name, entity: delivery.address.entity, key: delivery.address.key },
        position: delivery.position,
        commit: commitIdOfDelivery(delivery),
        reason,
        attempts: delivery.deliveryCount,
        ...wishOf(delivery),
        at: this.clock.now(positionOf(delivery)),
      });
    } catch (error) {
      // Not on record yet: keep the message, it comes again and is buried then.
      this.logger.error(`dead letter could not be written: ${String(error)}`, { subject: delivery.subject });
      return delivery.retryIn(backoff(delivery.deliveryCount, 2));
    }
    this.logger.error(`dead letter: ${reason}`, { subject: delivery.subject });
    this.defects.delete(positionOf(delivery));
    delivery.terminate(reason.slice(0, 200));
  }
}

/** A letter that is handed over again takes its turn among the deliveries it stands for. */
function laneOf(delivery: Delivery): string {
  const kind = delivery.kind === 'command' && isAboutLetter(wishOf(delivery).command?.body) ? 'event' : delivery.kind;
  return `${kind}:${delivery.address.key}`;
}

/** The command itself goes into its letter: its stream keeps nothing that was given up. */
function wishOf(delivery: Delivery): Pick<DeadLetter, 'command'> {
  if (delivery.kind !== 'command') return {};
  try {
    const { id, actor, body } = delivery.command();
    return { command: { id, actor, body } };
  } catch {
    // It cannot be read: that is what its letter says, and `handle` hears of it again.
    return {};
  }
}

function positionOf(delivery: Delivery): string {
  return `${delivery.kind}:${delivery.position.stream}:${delivery.position.sequence}`;
}

function commitIdOfDelivery(delivery: Delivery): string | null {
  try {
    if (delivery.kind === 'timer') return delivery.due().timerId;
    return delivery.kind === 'command' ? delivery.command().id : delivery.commit().id;
  } catch {
    return null;
  }
}

function backoff(count: number, least: number): number {
  return BACKOFF_MS[Math.min(Math.max(count - 1, least), BACKOFF_MS.length - 1)] ?? 30_000;
}

