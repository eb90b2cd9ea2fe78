/**
 * Messages to streams and the broker's answers to them.
 *
 * I1 one message, one answer or none: nothing is ever sent a second time here
 * I2 what is published in one turn of the process leaves it in one write
 * I3 a message that the connection could not take was not sent; any other silence may mean that it was
 *
 * The client's own request makes two errors with their stacks, a timer and four promises for each message it sends,
 * which together cost more than the message.
 */
import { createInbox, errors, MsgHdrsImpl, type Msg, type NatsConnection } from '@nats-io/nats-core';
import type { HeaderPair, OutgoingMessage } from '../codec/message.js';
import { headerText } from './wire.js';

interface Waiting {
  readonly subject: string;
  readonly deadline: number;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (error: Error) => void;
}

interface Outgoing {
  readonly token: string;
  readonly message: OutgoingMessage;
}

export class Publisher {
  readonly #connection: NatsConnection;
  readonly #withinMs: number;
  /** In the order of their deadlines, since all have the same time. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #inbox = `${createInbox()}.`;
  #outgoing: Outgoing[] = [];
  #isListening = false;
  #sent = 0;
  #alarm: NodeJS.Timeout | null = null;

  constructor(connection: NatsConnection, withinMs: number) {
    this.#connection = connection;
    this.#withinMs = withinMs;
  }

  /** @throws errors of the client: not sent · TimeoutError and all else: nobody knows */
  publish(message: OutgoingMessage): Promise<Msg> {
    return new Promise((resolve, reject) => {
      if (this.#connection.isClosed()) return reject(new errors.ClosedConnectionError());
      this.#listen();
      this.#sent += 1;
      const token = this.#sent.toString(36);
      this.#waiting.set(token, { subject: message.subject, deadline: performance.now() + this.#withinMs, resolve, reject });
      this.#alarm ??= this.#ringAfter(this.#withinMs);
      if (this.#outgoing.push({ token, message }) === 1) process.nextTick(() => this.#flush());
    });
  }

  #flush(): void {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    for (const { token, message } of outgoing) {
      try {
        this.#connection.publish(message.subject, message.body, { reply: `${this.#inbox}${token}`, headers: new EncodedHeaders(message.headers) });
      } catch (error) {
        this.#take(token)?.reject(error as Error);
      }
    }
  }

  /** Once, when the first message is sent: it then stays, also over a reconnect. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#connection.subscribe(`${this.#inbox}*`, { callback: (error, answer) => this.#answered(error, answer) });
    void this.#connection.closed().then(() => this.#rejectAll(() => true, new errors.RequestError('connection closed')));
    void this.#watchRefusals();
  }

  #answered(error: Error | null, answer: Msg): void {
    if (error !== null) return this.#rejectAll(() => true, error);
    const waiting = this.#take(answer.subject.slice(this.#inbox.length));
    if (waiting === undefined) return;
    const isUnheard = answer.data.length === 0 && answer.headers?.code === 503;
    if (isUnheard) waiting.reject(new errors.NoRespondersError(waiting.subject));
    else waiting.resolve(answer);
  }

  /** The broker says that a subject may not be published to, and not which message it was. */
  async #watchRefusals(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue;
      const { operation, subject } = status.error;
      if (operation === 'publish') this.#rejectAll((waiting) => waiting.subject === subject, status.error);
    }
  }

  #take(token: string): Waiting | undefined {
    const waiting = this.#waiting.get(token);
    this.#waiting.delete(token);
    return waiting;
  }

  #rejectAll(isMeant: (waiting: Waiting) => boolean, error: Error): void {
    for (const [token, waiting] of this.#waiting) if (isMeant(waiting)) this.#take(token)?.reject(error);
  }

  /** One alarm for all: it rings for the oldest and is set again for the next. */
  #ringAfter(ms: number): NodeJS.Timeout {
    const alarm = setTimeout(() => {
      const now = performance.now();
      this.#rejectAll(({ deadline }) => deadline <= now, new errors.TimeoutError());
      const [oldest] = this.#waiting.values();
      this.#alarm = oldest === undefined ? null : this.#ringAfter(oldest.deadline - now);
    }, Math.max(1, Math.ceil(ms)));
    return alarm;
  }
}

/** Headers as they go over the wire: the client would look each name up among the others and form it anew. */
class EncodedHeaders extends MsgHdrsImpl {
  readonly #text: string;

  constructor(pairs: readonly HeaderPair[]) {
    super();
    this.#text = headerText(pairs);
  }

  override encode(): Uint8Array {
    return Buffer.from(this.#text);
  }
}
