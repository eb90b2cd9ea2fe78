/**
 * Runs work concurrently across keys and one after the other within a key, so that an entity's deliveries keep their
 * order and one slow run never blocks another.
 */
import { Slots } from './slots.js';

export class KeyedPool {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly slots: Slots;

  /** The limit of what runs at once where work brings no slots of its own. */
  constructor(limit: number) {
    this.slots = new Slots(limit);
  }

  get size(): number {
    return this.tails.size;
  }

  /** The work must not reject: its failures are its own to settle. It takes a slot when its turn within its key has come. */
  run(key: string, work: () => Promise<void>, slots: Slots = this.slots): Promise<void> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const tail = before.then(() => slots.during(work)).finally(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    this.tails.set(key, tail);
    return tail;
  }

  async idle(): Promise<void> {
    while (this.tails.size > 0) await Promise.allSettled(this.tails.values());
  }
}
