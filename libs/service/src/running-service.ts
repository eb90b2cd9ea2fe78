/** What every way of running a service shares: order of start, and of letting go. */
import type { LogConnection, Peers, Subscription } from '@soloist/eventlog';
import type { Logger } from '@soloist/telemetry';
import type { DecisionClock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import type { OpenPorts, Service } from './service.js';

export class RunningService<Ports> {
  readonly dispatcher: Dispatcher<Ports>;
  private readonly started: Subscription[] = [];
  private peers: Peers | null = null;

  constructor(
    readonly service: Service<unknown, Ports>,
    readonly connection: LogConnection,
    readonly opened: OpenPorts<Ports>,
    clock: DecisionClock,
    logger: Logger,
    /** After how long a worker that is connected and does not answer is taken for gone; for tests. */
    private readonly silenceMs?: number,
  ) {
    this.dispatcher = new Dispatcher(service, connection, opened.ports, clock, logger);
  }

  /** Projections catch up first, so that the first reactor already finds rows. */
  async startProjections(): Promise<void> {
    for (const projection of this.opened.projections ?? []) this.started.push(await projection.start(this.connection));
  }

  /** Before the first delivery, so that whoever is asked about it knows. */
  async joinPeers(): Promise<void> {
    const { dispatcher, connection, service } = this;
    this.peers = (await connection.presence?.join(service.name, (name) => dispatcher.holds(name), this.silenceMs)) ?? null;
    if (this.peers !== null) dispatcher.meet(this.peers);
  }

  async startDeliveries(): Promise<void> {
    await this.joinPeers();
    const { deliveries } = this.connection;
    const take = (delivery: Parameters<Dispatcher<Ports>['dispatch']>[0]): void => void this.dispatcher.dispatch(delivery);
    this.started.push(await deliveries.consume(this.service.name, 'reactors', take));
    this.started.push(await deliveries.consume(this.service.name, 'commands', take));
    if (this.service.timers !== undefined) this.started.push(await deliveries.consume(this.service.name, 'timers', take));
  }

  async startSources(): Promise<void> {
    for (const source of this.service.sources) {
      this.started.push(await source.start(this.dispatcher.sourceWork(this.connection)));
    }
  }

  /** Stops taking work, finishes what was taken, lets go of ports. */
  async stop(): Promise<void> {
    for (const subscription of this.started.reverse()) await subscription.stop();
    await this.dispatcher.idle();
    await this.peers?.stop();
    await this.opened.close();
  }
}
