/**
 * Nest's transport onto the log. Nest's own NATS transport is core NATS and persists nothing, so deliveries come from
 * durable pull consumers instead; a controller receives them like any other event.
 */
import { CustomTransportStrategy, Server } from '@nestjs/microservices';
import { BaseRpcContext } from '@nestjs/microservices';
import type { Context } from '@soloist/contracts';
import type { Deliveries, Delivery, Subscription } from '@soloist/eventlog';
import { isObservable, lastValueFrom } from 'rxjs';

/** The one pattern that is ever bound: which reactor an event belongs to is the service value's business. */
export const DELIVERY_PATTERN = 'soloist.delivery';

export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('soloist-jetstream');
  private readonly subscriptions: Subscription[] = [];
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly context: Context,
    private readonly deliveries: Deliveries,
    private readonly hasTimers: boolean,
  ) {
    super();
  }

  override on(): this {
    return this;
  }

  override unwrap<T>(): T {
    return this.deliveries as T;
  }

  listen(done: (error?: unknown) => void): void {
    this.consume().then(() => done(), done);
  }

  private async consume(): Promise<void> {
    const take = (delivery: Delivery): void => {
      const handled = this.hand(delivery).finally(() => this.inFlight.delete(handled));
      this.inFlight.add(handled);
    };
    this.subscriptions.push(await this.deliveries.consume(this.context, 'reactors', take));
    this.subscriptions.push(await this.deliveries.consume(this.context, 'commands', take));
    if (this.hasTimers) this.subscriptions.push(await this.deliveries.consume(this.context, 'timers', take));
  }

  private async hand(delivery: Delivery): Promise<void> {
    const bound = this.messageHandlers.get(DELIVERY_PATTERN);
    if (bound === undefined) throw new Error(`nothing is bound to ${DELIVERY_PATTERN}`);
    const answer: unknown = await bound(delivery, new BaseRpcContext([delivery]));
    if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
  }

  /** Stops pulling first, then lets what was taken finish. */
  async close(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.stop()));
    await Promise.allSettled(this.inFlight);
  }
}
