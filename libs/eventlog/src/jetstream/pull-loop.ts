/**
 * Pulls from one durable consumer until stopped: long pulls, so that the broker pushes into a waiting pull and nothing
 * polls. It survives restarts of the broker: the client pulls again after each reconnect, and where a pull met a broker
 * that did not yet know the consumer, or the loop ended, it is begun anew.
 *
 * I1 a pull that nobody answers any more is given up within a bounded time by a clock that only runs forwards: the
 *    client's own watch compares times of day, and is blind after a step back of the system's clock
 */
import { AckPolicy, type ConsumerInfo, type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import type { BrokerSubscription, IncomingMessage } from '../log/broker.port.js';
import type { Link } from './link.js';
import { toPairs } from './wire.js';

const PULL = { max_messages: 200, expires: 30_000, idle_heartbeat: 5_000, bind: true } as const;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** While a pull is open the broker says so every `idle_heartbeat`. */
const SILENT_LOOK_MS = 3 * PULL.idle_heartbeat;

export class PullLoop implements BrokerSubscription {
  readonly #client: JetStreamClient;
  readonly #link: Link;
  readonly #stream: string;
  readonly #consumer: string;
  readonly #onMessage: (message: IncomingMessage) => void;
  #messages: ConsumerMessages | null = null;
  #isStopped = false;
  #pauseMs = FIRST_PAUSE_MS;
  #endPause: () => void = () => undefined;

  constructor(client: JetStreamClient, link: Link, stream: string, consumer: string, onMessage: (message: IncomingMessage) => void) {
    this.#client = client;
    this.#link = link;
    this.#stream = stream;
    this.#consumer = consumer;
    this.#onMessage = onMessage;
  }

  start(): void {
    void this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endPause();
    await this.#messages?.close();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped && !this.#link.isClosed) {
      if (await this.#link.isUpWithin(LONGEST_PAUSE_MS)) await this.#pullUntilEnded().catch(() => undefined);
      if (!this.#isStopped) await this.#pause();
    }
  }

  /** Ends with the loop of the client: stopped, refused, or nobody answered the pull. */
  async #pullUntilEnded(): Promise<void> {
    const config = { durable_name: this.#consumer, ack_policy: AckPolicy.Explicit };
    // Described, not asked for: a service may not list or create consumers, and needs no call at start.
    const described = { stream_name: this.#stream, name: this.#consumer, config } as ConsumerInfo;
    const messages = await this.#client.consumers.getConsumerFromInfo(described).consume({ ...PULL });
    this.#messages = messages;
    if (this.#isStopped) return void messages.close();
    const silence = this.#watchSilence(messages);
    void this.#watch(messages, silence);
    try {
      for await (const message of messages) {
        this.#pauseMs = FIRST_PAUSE_MS;
        silence.broken();
        this.#onMessage(incoming(this.#stream, message));
      }
    } finally {
      silence.end();
    }
  }

  /** I1. Two looks in a row without a sign: one alone may be this process that slept. */
  #watchSilence(messages: ConsumerMessages): { readonly broken: () => void; readonly end: () => void } {
    let silentLooks = 0;
    const timer = setInterval(() => {
      silentLooks = this.#link.isUp ? silentLooks + 1 : 0;
      if (silentLooks === 2) messages.stop();
    }, SILENT_LOOK_MS);
    return { broken: () => void (silentLooks = 0), end: () => clearInterval(timer) };
  }

  async #watch(messages: ConsumerMessages, silence: { readonly broken: () => void }): Promise<void> {
    for await (const status of messages.status()) {
      if (status.type === 'heartbeat' || status.type === 'discard') silence.broken();
      if (status.type === 'no_responders' || status.type === 'consumer_not_found' || status.type === 'consumer_deleted') messages.stop();
    }
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pauseMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function incoming(stream: string, message: JsMsg): IncomingMessage {
  return {
    stream,
    sequence: message.info.streamSequence,
    subject: message.subject,
    headers: toPairs(message.headers),
    body: message.data,
    deliveryCount: message.info.deliveryCount,
    storedAtMs: Math.floor(message.info.timestampNanos / 1_000_000),
    ack: () => message.ack(),
    retryIn: (ms) => message.nak(ms),
    working: () => message.working(),
    terminate: (reason) => message.term(reason),
  };
}
