/** The broker's clock in a test's hand: what is due soon happens soon; what is due later waits for the clock to be moved. */
export class HeldScheduler {
  #nowMs = 0;
  readonly #later = new Set<{ readonly atMs: number; readonly task: () => void }>();

  constructor(readonly originMs: number) {}

  now(): number {
    return this.#nowMs;
  }
  soon(task: () => void): void {
    setImmediate(task);
  }
  after(ms: number, task: () => void): () => void {
    const one = { atMs: this.#nowMs + ms, task };
    this.#later.add(one);
    return () => this.#later.delete(one);
  }
  moveTo(ms: number): void {
    for (;;) {
      const next = [...this.#later].toSorted((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined || next.atMs > ms) break;
      this.#later.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.task();
    }
    this.#nowMs = ms;
  }
}
