/**
 * The delivering side: one loop for each event stream, or one for commands.
 *
 * I1 decoding is the consumer's to judge: a message that cannot be decoded is still delivered, and `commit()` throws
 * I2 nothing here waits for a consumer; the bounded pool is the service's
 */
import { consumerName, eventStreamName, parseSubject, timersStreamName, type Context, type ParsedSubject, type StreamCount } from '@soloist/contracts';
import { headerReader, jsonOf } from '../codec/decode-commit.js';
import { FormError } from '../codec/event-form.js';
import { HEADER, type StoredMessage } from '../codec/message.js';
import { outlineOf } from '../codec/outline.js';
import { logFault } from '../errors.js';
import type { Command, Commit, Deliveries, Delivery, Due, Subscription } from '../event-log.port.js';
import { STREAM, type Broker, type BrokerSubscription, type IncomingMessage } from './broker.port.js';
import type { Decoding } from './decoding.js';

export function deliveries(broker: Broker, streams: StreamCount, decoding: Decoding): Deliveries {
  const eventStreams = Array.from({ length: streams }, (_, index) => eventStreamName(index));
  return {
    async consume(context: Context, purpose, onDelivery): Promise<Subscription> {
      const { kind, names } = placeOf(context, purpose, eventStreams);
      const consumer = consumerName(context, purpose);
      return all(names.map((stream) => broker.consume(stream, consumer, inOrder((message) => hand(message, kind, decoding, onDelivery)))));
    },
    async wakeups(context: Context, onGrowth): Promise<Subscription> {
      const consumer = consumerName(context, 'projections');
      return all(eventStreams.map((stream, index) => broker.consume(stream, consumer, () => onGrowth(index))));
    },
  };
}

function placeOf(context: Context, purpose: 'reactors' | 'commands' | 'timers', eventStreams: readonly string[]): { kind: Delivery['kind']; names: readonly string[] } {
  switch (purpose) {
    case 'reactors':
      return { kind: 'event', names: eventStreams };
    case 'commands':
      return { kind: 'command', names: [STREAM.commands] };
    case 'timers':
      return { kind: 'timer', names: [timersStreamName(context)] };
  }
}

async function all(starting: readonly Promise<BrokerSubscription>[]): Promise<Subscription> {
  const subscriptions = await Promise.all(starting);
  return {
    async stop() {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    },
  };
}

/** Fetching keys takes time that differs; the broker's order is kept all the same. */
function inOrder(handOver: (message: IncomingMessage) => Promise<void>): (message: IncomingMessage) => void {
  let before: Promise<void> = Promise.resolve();
  return (message) => {
    before = before.then(() => handOver(message)).catch(raise);
  };
}

/** A receiver that throws is a defect of ours: it must be heard, and must not hold up what comes after. */
function raise(defect: unknown): void {
  queueMicrotask(() => {
    throw defect;
  });
}

/** Keys are fetched beforehand, so that `commit()` needs no waiting; a failure to fetch shows when it is called. */
async function hand(message: IncomingMessage, kind: Delivery['kind'], decoding: Decoding, onDelivery: (delivery: Delivery) => void): Promise<void> {
  const commit = kind === 'event' ? await decoding.prepare(message) : notACommit(kind);
  const address = parseSubject(message.subject);
  if (address === null) {
    // Streams take exact subject lists only; what does not parse has no owner who could bury it, so the broker keeps it.
    message.terminate('subject does not follow the grammar');
    return;
  }
  onDelivery(deliveryOf(message, address, kind, commit));
}

function notACommit(kind: Delivery['kind']): () => never {
  return () => {
    throw new TypeError(`a ${kind} is no commit`);
  };
}

function deliveryOf(message: IncomingMessage, address: ParsedSubject, kind: Delivery['kind'], decode: () => Commit): Delivery {
  let decoded: Commit | null = null;
  return {
    kind,
    subject: message.subject,
    address,
    deliveryCount: message.deliveryCount,
    position: { stream: kind === 'event' ? streamNumber(message.stream) : 0, sequence: message.sequence },
    outline: () => (kind === 'event' ? outlineOf(message) : null),
    commit() {
      decoded ??= decode();
      return decoded;
    },
    command() {
      if (kind !== 'command') throw new TypeError(`a delivery of kind ${kind} is no command`);
      return commandOf(message, address);
    },
    due() {
      if (kind !== 'timer') throw new TypeError(`a delivery of kind ${kind} is no timer`);
      return dueOf(message, address);
    },
    async ack() {
      message.ack();
    },
    retryIn: (ms) => message.retryIn(ms),
    working: () => message.working(),
    terminate: (reason) => message.terminate(reason),
  };
}

function commandOf(message: StoredMessage, address: ParsedSubject): Command {
  try {
    const header = headerReader(message.headers);
    return { id: header.required(HEADER.commit), actor: header.required(HEADER.actor), address, body: jsonOf(message.body) };
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw logFault('log.bad-message', `subject ${message.subject}, sequence ${message.sequence}, field ${error.field}: ${error.message}`, error);
  }
}

function dueOf(message: IncomingMessage, address: ParsedSubject): Due {
  try {
    const { timerId, body } = (jsonOf(message.body) ?? {}) as { readonly timerId?: unknown; readonly body?: unknown };
    if (typeof timerId !== 'string') throw new FormError('timerId', 'is missing');
    return { timerId, address, body, firedAt: new Date(message.storedAtMs).toISOString() };
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw logFault('log.bad-message', `subject ${message.subject}, sequence ${message.sequence}, field ${error.field}: ${error.message}`, error);
  }
}

function streamNumber(name: string): number {
  return Number(name.slice(name.indexOf('-') + 1));
}
