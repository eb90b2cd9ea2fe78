/**
 * The in-memory twin of the broker: the same streams, consumers and rights as bootstrap makes them, and the same nasty
 * facts. Its core is synchronous and deterministic; all order comes from the scheduler it is given.
 */
import { streamSettings, type StreamCount, type StreamSettings } from '@soloist/contracts';
import { consumersOf, type ConsumerSettings } from '../broker/consumers.js';
import { headerOf, SCHEDULE, SCHEDULE_TARGET, type OutgoingMessage, type StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import type { Broker, BrokerSubscription, IncomingMessage, PublishAnswer } from '../log/broker.port.js';
import { MemoryConsumer } from './memory-consumer.js';
import { anyOf } from './filter.js';
import { MemoryStream } from './memory-stream.js';
import { rightsOf, type Party } from './rights.js';
import type { Scheduler } from './scheduler.js';

/** What goes wrong, asked at each point where the world may fail. Absent means that all goes well. */
export interface MemoryFaults {
  /**
   * `lose-answer`: stored, but nobody says so · `lose-message`: neither stored nor answered · `full` and `unreachable`:
   * refused · `swallow`: answered as a duplicate and not stored.
   */
  readonly publish?: (subject: string) => 'none' | 'lose-answer' | 'lose-message' | 'full' | 'unreachable' | 'swallow';
  /** True when a read gets no answer. */
  readonly failsRead?: (stream: string) => boolean;
  /** True when an ack is forgotten, so that the message comes again. */
  readonly forgetsAck?: (stream: string, consumer: string, sequence: number) => boolean;
}

export interface MemoryBrokerOptions {
  readonly streams: StreamCount;
  readonly scheduler: Scheduler;
  readonly faults: MemoryFaults;
  /** How long a delivery may stay without ack; null for what bootstrap sets. */
  readonly ackWaitMs: number | null;
  readonly maxDeliver: number;
  readonly maxStreamBytes: number;
}

export class MemoryBroker {
  readonly #options: MemoryBrokerOptions;
  readonly #streams = new Map<string, MemoryStream>();
  readonly #consumers = new Map<string, MemoryConsumer>();
  readonly #consumersOf = new Map<string, MemoryConsumer[]>();
  readonly #streamOf = new Map<string, MemoryStream | undefined>();
  #changes = 0;

  constructor(options: MemoryBrokerOptions) {
    this.#options = options;
    for (const settings of streamSettings(options.streams)) this.#addStream(settings);
    for (const settings of consumersOf(options.streams)) this.#addConsumer(settings);
  }

  /** A connection with the rights of a service, of replay, or (`ops`) with all. */
  connect(party: Party): Broker {
    const rights = rightsOf(party, this.#options.streams);
    const subscriptions = new Set<BrokerSubscription>();
    return {
      publish: async (message) => (rights.mayPublish(message.subject) ? this.publish(message) : noResponders(message.subject)),
      last: async (stream, subject) => {
        if (!rights.mayReadLast(stream, subject)) throw logFault('log.no-right', `last message of ${subject}`);
        return this.#readable(stream).last(subject, this.#options.scheduler.now());
      },
      range: async (stream, filter, from, limit) => {
        if (!rights.mayReadAll(stream)) throw logFault('log.no-right', `read of ${stream}`);
        return this.#readable(stream).range(filter, from, limit);
      },
      lastSequence: async (stream) => {
        if (!rights.mayReadAll(stream)) throw logFault('log.no-right', `read of ${stream}`);
        return this.#readable(stream).lastSequence;
      },
      consume: async (stream, consumer, onMessage) => {
        if (!rights.mayConsume(stream, consumer)) throw logFault('log.no-right', `consumer ${consumer} of ${stream}`);
        const subscription = this.#subscribe(stream, consumer, onMessage);
        subscriptions.add(subscription);
        return subscription;
      },
      close: async () => {
        for (const subscription of subscriptions) await subscription.stop();
      },
    };
  }

  publish(message: OutgoingMessage): PublishAnswer {
    const fault = this.#options.faults.publish?.(message.subject) ?? 'none';
    if (fault === 'lose-message') return { kind: 'lost', detail: 'no answer in time' };
    if (fault === 'full') return { kind: 'refused', why: 'full', detail: '10077: maximum bytes exceeded' };
    if (fault === 'unreachable') return { kind: 'refused', why: 'unreachable', detail: 'not connected' };
    const stream = this.#streamAccepting(message.subject);
    if (stream === undefined) return noResponders(message.subject);
    if (fault === 'swallow') return { kind: 'stored', stream: stream.rules.name, sequence: stream.lastSequence, duplicate: true };
    const answer = stream.publish(message, this.#options.scheduler.now());
    if (answer.kind === 'stored') {
      this.#changes += 1;
      this.#wake(stream.rules.name);
      this.#schedule(stream, message, answer.sequence);
    }
    return fault === 'lose-answer' ? { kind: 'lost', detail: 'no answer in time' } : answer;
  }

  /** Grows with each message that is stored. */
  get changes(): number {
    return this.#changes;
  }

  /** For tests: what lies in the store, and changing it behind everybody's back. */
  stored(stream: string): readonly StoredMessage[] {
    return this.#stream(stream).range(null, 1, Infinity);
  }

  lastSequence(stream: string): number {
    return this.#stream(stream).lastSequence;
  }

  tamper(stream: string, sequence: number, change: (message: StoredMessage) => StoredMessage): void {
    this.#stream(stream).replaceStored(sequence, change);
  }

  /**
   * A restart: whatever was handed out and not acked comes again. Consumer state is not synced to disk, so that after a
   * kill the count of a delivery may be one that was given out before.
   */
  restart(forgetsCount: (stream: string, consumer: string, sequence: number) => boolean = () => false): void {
    for (const [name, consumer] of this.#consumers) {
      const [stream = '', own = ''] = name.split(' ');
      consumer.redeliverOutstanding((sequence) => forgetsCount(stream, own, sequence));
    }
  }

  #subscribe(stream: string, name: string, onMessage: (message: IncomingMessage) => void): BrokerSubscription {
    const consumer = this.#consumers.get(`${stream} ${name}`);
    if (consumer === undefined) throw logFault('log.no-right', `${stream} has no consumer ${name}`);
    return consumer.subscribe(onMessage);
  }

  #readable(name: string): MemoryStream {
    if (this.#options.faults.failsRead?.(name) === true) throw logFault('log.read-failed', `${name} did not answer`);
    return this.#stream(name);
  }

  #stream(name: string): MemoryStream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw logFault('log.no-right', `there is no stream ${name}`);
    return stream;
  }

  #streamAccepting(subject: string): MemoryStream | undefined {
    if (this.#streamOf.has(subject)) return this.#streamOf.get(subject);
    const stream = [...this.#streams.values()].find((candidate) => candidate.rules.accepts(subject));
    this.#streamOf.set(subject, stream);
    return stream;
  }

  #addStream(settings: StreamSettings): void {
    const { maxStreamBytes } = this.#options;
    this.#streams.set(
      settings.name,
      new MemoryStream({
        name: settings.name,
        accepts: anyOf(settings.subjects),
        isWorkQueue: settings.retention === 'workqueue',
        isWriteOnce: settings.refusesSubjectOverflow,
        keepsLastOnly: settings.maxMessagesPerSubject === 1 && !settings.refusesSubjectOverflow,
        allowsTtl: settings.permitsMessageTtl,
        maxBytes: settings.maxBytes < 0 ? maxStreamBytes : Math.min(settings.maxBytes, maxStreamBytes),
        maxMessageBytes: settings.maxMessageBytes,
        permitsSchedules: settings.permitsSchedules,
        originMs: this.#options.scheduler.originMs ?? 0,
      }),
    );
  }

  #addConsumer(settings: ConsumerSettings): void {
    const { stream, name, filterSubjects } = settings;
    const matches = anyOf(filterSubjects);
    const rules = {
      name,
      passes: (subject: string) => filterSubjects.length === 0 || matches(subject),
      needsAck: settings.isAcknowledged,
      removesAcked: this.#stream(stream).rules.isWorkQueue,
      ackWaitMs: this.#options.ackWaitMs ?? settings.ackWaitMs,
      maxDeliver: this.#options.maxDeliver,
      maxOutstanding: settings.isAcknowledged ? settings.maxAckPending : Infinity,
    };
    const forgets = (sequence: number): boolean => this.#options.faults.forgetsAck?.(stream, name, sequence) === true;
    const consumer = new MemoryConsumer(this.#stream(stream), rules, this.#options.scheduler, forgets);
    this.#consumers.set(`${stream} ${name}`, consumer);
    this.#consumersOf.set(stream, [...(this.#consumersOf.get(stream) ?? []), consumer]);
  }

  /** `@at` only, the one schedule the log uses. A past moment is due at once; a replaced schedule never fires. */
  #schedule(stream: MemoryStream, message: OutgoingMessage, sequence: number): void {
    const schedule = headerOf(message.headers, SCHEDULE);
    const target = headerOf(message.headers, SCHEDULE_TARGET);
    if (schedule === null || target === null) return;
    const { scheduler } = this.#options;
    const dueMs = Date.parse(schedule.replace(/^@at /, '')) - (scheduler.originMs ?? 0);
    // A process timer may come up to a millisecond early; the broker never fires before a timer is due.
    scheduler.after(Math.max(0, Math.ceil(dueMs - scheduler.now()) + 1), () => {
      if (stream.at(sequence) === null) return;
      stream.remove(sequence);
      const headers = message.headers.filter(([name]) => name !== SCHEDULE && name !== SCHEDULE_TARGET);
      const fired = { subject: target, headers: [...headers, ['Nats-Scheduler', message.subject] as const], body: message.body };
      if (stream.publish(fired, scheduler.now()).kind !== 'stored') return;
      this.#changes += 1;
      this.#wake(stream.rules.name);
    });
  }

  #wake(stream: string): void {
    for (const consumer of this.#consumersOf.get(stream) ?? []) consumer.wake();
  }
}

function noResponders(subject: string): PublishAnswer {
  return { kind: 'refused', why: 'no-right', detail: `nobody listens on ${subject}` };
}
