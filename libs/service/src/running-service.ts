/** What every way of running a service shares: order of start, and of letting go. */
import type { LogConnection, Subscription } from '@soloist/eventlog';
import type { Logger } from '@soloist/telemetry';
import type { DecisionClock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import type { OpenPorts, Service } from './service.js';

export class RunningService<Ports> {
  readonly dispatcher: Dispatcher<Ports>;
  private readonly started: Subscription[] = [];

  constructor(
    readonly service: Service<unknown, Ports>,
    readonly connection: LogConnection,
    readonly opened: OpenPorts<Ports>,
    clock: DecisionClock,
    logger: Logger,
  ) {
    this.dispatcher = new Dispatcher(service, connection, opened.ports, clock, logger);
  }

  /** Projections catch up first, so that the first reactor already finds rows. */
  async startProjections(): Promise<void> {
    for (const projection of this.opened.projections ?? []) this.started.push(await projection.start(this.connection));
  }

  async startDeliveries(): Promise<void> {
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
    await this.opened.close();
  }
}
