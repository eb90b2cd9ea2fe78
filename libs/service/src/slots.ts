/** How many may be at work at once: whoever comes later waits, and gets in in the order of coming. */
export class Slots {
  private readonly waiting: (() => void)[] = [];
  private taken = 0;

  constructor(private readonly limit: number) {}

  /** Runs the work in a slot and gives the slot back however it ends. */
  async during(work: () => Promise<void>): Promise<void> {
    if (this.taken >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.taken += 1;
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.taken -= 1;
      else next();
    }
  }
}
