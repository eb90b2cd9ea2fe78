import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Delivery } from '@soloist/eventlog';
import type { Dispatcher } from '../dispatcher.js';
import { DELIVERY_PATTERN } from './jetstream.strategy.js';

export const DISPATCHER = Symbol('soloist-dispatcher');

@Controller()
export class DeliveriesController {
  constructor(@Inject(DISPATCHER) private readonly dispatcher: Dispatcher<unknown>) {}

  @EventPattern<string>(DELIVERY_PATTERN)
  async onDelivery(@Payload() delivery: Delivery): Promise<void> {
    await this.dispatcher.dispatch(delivery);
  }
}
