/** The broker port on a connection to nats-server, behind its account boundary or inside the account of the streams. */
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { errors } from '@nats-io/nats-core';
import type { OutgoingMessage, StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import type { Broker, BrokerSubscription, IncomingMessage, PublishAnswer } from '../log/broker.port.js';
import { isNoResponders, readLast, readLastSequence, readRange, type ReadSettings } from './direct-read.js';
import type { Link } from './link.js';
import { Publisher } from './publisher.js';
import { PullLoop } from './pull-loop.js';
import { publishAnswer } from './wire.js';

export interface NatsBrokerSettings extends ReadSettings {
  /** How long a publish may stay unanswered before it is read back. */
  readonly publishTimeoutMs: number;
}

const LAST_WORDS_MS = 1_000;

export class NatsBroker implements Broker {
  readonly #settings: NatsBrokerSettings;
  readonly #link: Link;
  readonly #client: JetStreamClient;
  readonly #publisher: Publisher;
  readonly #loops = new Set<PullLoop>();

  constructor(settings: NatsBrokerSettings) {
    this.#settings = settings;
    this.#link = settings.link;
    this.#client = jetstream(settings.link.connection, { apiPrefix: settings.apiPrefix });
    this.#publisher = new Publisher(settings.link.connection, settings.publishTimeoutMs);
  }

  async publish(message: OutgoingMessage): Promise<PublishAnswer> {
    if (!this.#link.isUp && !(await this.#link.isUpWithin(this.#settings.timeoutMs))) return { kind: 'refused', why: 'unreachable', detail: 'not connected to the broker' };
    const subject = this.#localName(message.subject);
    try {
      return publishAnswer(await this.#publisher.publish(subject === message.subject ? message : { ...message, subject }));
    } catch (error) {
      return unanswered(message.subject, error);
    }
  }

  last(stream: string, subject: string): Promise<StoredMessage | null> {
    return readLast(this.#settings, stream, subject);
  }

  range(stream: string, filter: string | null, fromSequence: number, limit: number): Promise<readonly StoredMessage[]> {
    return readRange(this.#settings, stream, filter, fromSequence, limit);
  }

  lastSequence(stream: string): Promise<number> {
    return readLastSequence(this.#settings, stream);
  }

  async consume(stream: string, consumer: string, onMessage: (message: IncomingMessage) => void): Promise<BrokerSubscription> {
    await this.#requireConsumer(stream, consumer);
    const loop = new PullLoop(this.#client, this.#link, stream, consumer, onMessage);
    this.#loops.add(loop);
    loop.start();
    return loop;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#loops].map((loop) => loop.stop()));
    // Acks are sent without waiting; give them a moment to leave, but not to a broker that is gone.
    await Promise.race([this.#link.connection.flush().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);
    await this.#link.connection.close();
  }

  /** A pull from a consumer that is not there, or not ours, gets no answer ever: say so at the start. */
  async #requireConsumer(stream: string, consumer: string): Promise<void> {
    const subject = `${this.#settings.apiPrefix}.CONSUMER.INFO.${stream}.${consumer}`;
    if (!(await this.#link.isUpWithin(this.#settings.timeoutMs))) throw logFault('log.unreachable', `consumer ${consumer} of ${stream}: not connected`);
    try {
      const answer = await this.#link.connection.request(subject, '', { timeout: this.#settings.timeoutMs });
      const { error } = answer.json<{ error?: { err_code: number; description: string } }>();
      if (error !== undefined) throw logFault('log.no-right', `consumer ${consumer} of ${stream}: ${error.err_code}: ${error.description}`);
    } catch (error) {
      if (isNoResponders(error)) throw logFault('log.no-right', `consumer ${consumer} of ${stream}`, error);
      if (error instanceof errors.TimeoutError) throw logFault('log.read-failed', `consumer ${consumer} of ${stream}`, error);
      throw error;
    }
  }

  /** Behind the boundary the bucket is imported under the name the key-value client would give it. */
  #localName(subject: string): string {
    const isRenamed = subject.startsWith('$KV.') && this.#settings.apiPrefix !== '$JS.API';
    return isRenamed ? `${this.#settings.apiPrefix}.${subject}` : subject;
  }
}

function unanswered(subject: string, error: unknown): PublishAnswer {
  if (isNoResponders(error)) return { kind: 'refused', why: 'no-right', detail: `nobody listens on ${subject}` };
  if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError) {
    return { kind: 'refused', why: 'unreachable', detail: 'the connection is closed' };
  }
  if (error instanceof errors.InvalidSubjectError || error instanceof errors.InvalidArgumentError) throw error;
  return { kind: 'lost', detail: error instanceof Error ? error.message : 'no answer' };
}
