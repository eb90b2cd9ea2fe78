/**
 * One connection and whether it is up. The client buffers what is published while it is down and sends it after it
 * has reconnected, perhaps long after we gave up on it; so nothing is published while it is known to be down.
 */
import type { NatsConnection } from '@nats-io/nats-core';

export class Link {
  readonly connection: NatsConnection;
  #isUp = true;
  #upSinceMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  constructor(connection: NatsConnection) {
    this.connection = connection;
    void this.#watch();
    void connection.closed().then(() => {
      this.#isClosed = true;
      this.#set(false);
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** How long ago the connection came back; endless when it was never lost. */
  upForMs(): number {
    return performance.now() - this.#upSinceMs;
  }

  /** True as soon as the connection is up, false when it is not within the time. */
  async isUpWithin(ms: number): Promise<boolean> {
    if (this.#isUp || this.#isClosed) return this.#isUp;
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        resolve(this.#isUp);
      };
      const timer = setTimeout(settle, ms);
      this.#waiting.add(settle);
    });
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#set(false);
      if (status.type === 'reconnect') this.#set(true);
    }
  }

  #set(isUp: boolean): void {
    if (isUp && !this.#isUp) this.#upSinceMs = performance.now();
    this.#isUp = isUp;
    if (isUp || this.#isClosed) for (const settle of [...this.#waiting]) settle();
  }
}
