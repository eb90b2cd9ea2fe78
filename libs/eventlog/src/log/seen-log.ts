/**
 * What a connection has seen of the log, asked for again whenever the broker comes back: a broker drops the tail of a
 * damaged store without a word and uses its sequences again, and somebody may put an older store in place.
 *
 * I1 after a reconnect nothing is read, delivered or written before the last message seen of every event stream was found
 *    where it stood
 * I2 a log that has lost what was seen of it is refused for the rest of this connection's life: it does not become whole
 *    by being written on
 * I3 whoever may not read streams asks for the head of the last subject seen: it must not lie before, nor be another there
 */
import { isFault, type Fault } from '@soloist/kernel';
import { headerOf, type OutgoingMessage, type StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import { messageDigest } from '../verify/message-digest.js';
import type { Broker, BrokerSubscription, IncomingMessage, PublishAnswer } from './broker.port.js';

export interface SeenLogOptions {
  /** How often the connection was lost so far. */
  readonly losses: () => number;
  /** False for those who may read heads only. */
  readonly readsStreams: boolean;
}

const ASKS_AGAIN_MS = 250;
const EVENT_STREAM = /^EVENTS-/;
/** What the broker puts in the place of a body that a consumer did not ask for: a wake-up is no sight of a message. */
const BODY_LEFT_OUT = 'Nats-Msg-Size';

export class SeenLog implements Broker {
  /** By stream. */
  readonly #seen = new Map<string, StoredMessage>();
  readonly #subscriptions = new Set<{ stopped: boolean }>();
  #asked = 0;
  #asking: Promise<void> | null = null;
  #regressed: Fault | null = null;

  constructor(
    private readonly own: Broker,
    private readonly options: SeenLogOptions,
  ) {}

  async publish(message: OutgoingMessage): Promise<PublishAnswer> {
    try {
      await this.#beSure();
    } catch (error) {
      // Not sent, for certain; a log that is refused says so itself.
      if (!isFault(error) || error === this.#regressed) throw error;
      return { kind: 'refused', why: 'unreachable', detail: error.message };
    }
    const answer = await this.own.publish(message);
    if (answer.kind === 'stored' && !answer.duplicate) this.#note({ ...message, stream: answer.stream, sequence: answer.sequence });
    return answer;
  }

  async last(stream: string, subject: string): Promise<StoredMessage | null> {
    await this.#beSure();
    return this.#note(await this.own.last(stream, subject));
  }

  async range(stream: string, filter: string | null, fromSequence: number, limit: number): Promise<readonly StoredMessage[]> {
    await this.#beSure();
    const found = await this.own.range(stream, filter, fromSequence, limit);
    this.#note(found.at(-1) ?? null);
    return found;
  }

  async lastSequence(stream: string): Promise<number> {
    await this.#beSure();
    return this.own.lastSequence(stream);
  }

  /** What comes while nobody is sure yet is kept, in order, and handed on or left to the broker. */
  async consume(stream: string, consumer: string, onMessage: (message: IncomingMessage) => void): Promise<BrokerSubscription> {
    await this.#beSure();
    const state = { stopped: false };
    let kept: IncomingMessage[] = [];
    const handOn = async (): Promise<void> => {
      await this.#beSureInTheEnd(state);
      const waiting = kept;
      kept = [];
      if (state.stopped || this.#regressed !== null) return;
      for (const message of waiting) this.#handOver(message, onMessage);
    };
    this.#subscriptions.add(state);
    const subscription = await this.own.consume(stream, consumer, (message) => {
      if (this.#isSure() && kept.length === 0) this.#handOver(message, onMessage);
      else if (kept.push(message) === 1) void handOn();
    });
    return {
      stop: async () => {
        state.stopped = true;
        this.#subscriptions.delete(state);
        await subscription.stop();
      },
    };
  }

  close(): Promise<void> {
    for (const state of this.#subscriptions) state.stopped = true;
    return this.own.close();
  }

  #handOver(message: IncomingMessage, onMessage: (message: IncomingMessage) => void): void {
    this.#note(message);
    onMessage(message);
  }

  #note<Message extends StoredMessage | null>(message: Message): Message {
    if (message !== null && EVENT_STREAM.test(message.stream) && isWhole(message) && message.sequence > (this.#seen.get(message.stream)?.sequence ?? 0)) this.#seen.set(message.stream, message);
    return message;
  }

  #isSure(): boolean {
    return this.#regressed === null && this.#asked === this.options.losses();
  }

  /** @throws Fault transient: not to be told now · log.regressed, for ever */
  async #beSure(): Promise<void> {
    while (!this.#isSure()) {
      if (this.#regressed !== null) throw this.#regressed;
      this.#asking ??= this.#ask().finally(() => (this.#asking = null));
      await this.#asking;
    }
  }

  /** A delivery has nobody to tell that the broker does not answer: it waits. */
  async #beSureInTheEnd(state: { readonly stopped: boolean }): Promise<void> {
    while (!state.stopped && this.#regressed === null && !this.#isSure()) {
      try {
        await this.#beSure();
      } catch (error) {
        if (!isFault(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, ASKS_AGAIN_MS));
      }
    }
  }

  async #ask(): Promise<void> {
    const losses = this.options.losses();
    for (const [stream, seen] of this.#seen) {
      if (await this.#stands(seen)) continue;
      this.#regressed = logFault('log.regressed', `${stream} no longer holds what was seen at sequence ${seen.sequence}`);
      throw this.#regressed;
    }
    this.#asked = losses;
  }

  async #stands(seen: StoredMessage): Promise<boolean> {
    const { stream, sequence, subject } = seen;
    const found = this.options.readsStreams ? ((await this.own.range(stream, null, sequence, 1))[0] ?? null) : await this.own.last(stream, subject);
    if (found === null) return false;
    if (found.sequence !== sequence) return !this.options.readsStreams && found.sequence > sequence;
    return messageDigest(found) === messageDigest(seen);
  }
}

function isWhole({ headers }: StoredMessage): boolean {
  return headerOf(headers, BODY_LEFT_OUT) === null;
}
