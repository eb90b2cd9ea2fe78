/**
 * Questions to the broker whose answers may be many messages, over one inbox that stays.
 *
 * I1 an answer reaches the question it was asked for, and nobody once that question is settled
 * I2 a question that is not answered for the time set, or that may not be asked, is settled by saying so
 *
 * A subscription for each question costs two more messages and the spreading of interest over the account boundary; the
 * client's own request makes two errors with their stacks, whether they are needed or not.
 */
import { createInbox, errors, type Msg, type NatsConnection } from '@nats-io/nats-core';

interface Question {
  readonly subject: string;
  readonly take: (answer: Msg) => void;
  readonly fail: (detail: string) => void;
}

export class Answers {
  readonly #connection: NatsConnection;
  readonly #asked = new Map<string, Question>();
  readonly #inbox = `${createInbox()}.`;
  #isListening = false;
  #sent = 0;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /**
   * Asks, and gives each answer to `take`, until that returns something. `silent` says what came when nothing did for
   * `idleMs`.
   */
  ask<T>(subject: string, request: string, idleMs: number, take: (answer: Msg) => T | undefined, silent: (detail: string) => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#listen();
      this.#sent += 1;
      const token = this.#sent.toString(36);
      const fail = (error: unknown): void => {
        this.#settle(token, timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const timer = setTimeout(() => fail(silent(`no answer for ${idleMs} ms`)), idleMs);
      this.#asked.set(token, {
        subject,
        fail: (detail) => fail(silent(detail)),
        take: (answer) => {
          timer.refresh();
          try {
            const result = take(answer);
            if (result === undefined) return;
            this.#settle(token, timer);
            resolve(result);
          } catch (error) {
            fail(error);
          }
        },
      });
      try {
        this.#connection.publish(subject, request, { reply: `${this.#inbox}${token}` });
      } catch (error) {
        fail(silent(error instanceof Error ? error.message : 'not sent'));
      }
    });
  }

  #settle(token: string, timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#asked.delete(token);
  }

  /** Once, with the first question: it then stays, also over a reconnect. */
  #listen(): void {
    if (this.#isListening || this.#connection.isClosed()) return;
    this.#isListening = true;
    this.#connection.subscribe(`${this.#inbox}*`, {
      callback: (error, answer) => {
        if (error !== null) this.#failAll(() => true, error.message);
        else this.#asked.get(answer.subject.slice(this.#inbox.length))?.take(answer);
      },
    });
    void this.#connection.closed().then(() => this.#failAll(() => true, 'the connection was closed'));
    void this.#watchRefusals();
  }

  /** The broker says that a subject may not be published to, and not which message it was. */
  async #watchRefusals(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue;
      const { operation, subject, message } = status.error;
      if (operation === 'publish') this.#failAll((question) => question.subject === subject, message);
    }
  }

  #failAll(isMeant: (question: Question) => boolean, detail: string): void {
    for (const question of [...this.#asked.values()]) if (isMeant(question)) question.fail(detail);
  }
}
