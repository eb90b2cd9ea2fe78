/**
 * The deliveries this process has in hand, from the moment they come until they are settled.
 *
 * I1 one timer gives signs of life for all of them, also for what waits its turn: without, it would come again
 * I2 a copy of what is in hand is not done a second time; it is settled with the copy that is being done, by the latest
 *    of the broker's handles
 * I3 what this process had for itself, gave back and gets again as the very next, nobody else can have in hand
 */
import { DELIVERY } from '@soloist/contracts';
import type { Delivery } from '@soloist/eventlog';

/** Far above what one process gives back while the world is down; what is forgotten is only asked about once more. */
const REMEMBERED = 4_096;

interface Held {
  readonly delivery: Delivery;
  latest: Delivery;
  settled: Promise<void>;
  /** Nobody else has it. */
  isOurs: boolean;
}

export class Hands {
  private readonly held = new Map<string, Held>();
  /** By delivery that was ours, the count under which it was given back. */
  private readonly given = new Map<string, number>();
  private signs: NodeJS.Timeout | null = null;

  /** Takes a delivery in hand for as long as `work` takes, unless it is in hand already. */
  take(delivery: Delivery, work: (mine: Delivery) => Promise<void>): Promise<void> {
    const name = nameOf(delivery);
    const known = this.held.get(name);
    if (known !== undefined) {
      known.latest = delivery;
      delivery.working();
      return known.settled;
    }
    const mine: Held = { delivery, latest: delivery, settled: Promise.resolve(), isOurs: this.isFirst(name, delivery) };
    this.held.set(name, mine);
    this.signs ??= setInterval(() => this.signal(), DELIVERY.signOfLifeMs);
    mine.settled = work(this.settling(name, mine)).finally(() => this.letGo(name, mine));
    return mine.settled;
  }

  has(name: string): boolean {
    return this.held.has(name);
  }

  hasAnyOf(key: string): boolean {
    return [...this.held.values()].some(({ delivery }) => delivery.address.key === key);
  }

  /** Whether somebody else may have it in hand as well. */
  mayBeElsewhere(delivery: Delivery): boolean {
    return this.held.get(nameOf(delivery))?.isOurs !== true;
  }

  /** Everybody else was asked. */
  isOurs(delivery: Delivery): void {
    const mine = this.held.get(nameOf(delivery));
    if (mine !== undefined) mine.isOurs = true;
  }

  private isFirst(name: string, { deliveryCount }: Delivery): boolean {
    return deliveryCount <= 1 || this.given.get(name) === deliveryCount - 1;
  }

  private signal(): void {
    for (const { latest } of this.held.values()) latest.working();
  }

  /** Settled is out of hand: what comes from then on is a new copy. */
  private settling(name: string, mine: Held): Delivery {
    const { delivery } = mine;
    return {
      kind: delivery.kind,
      subject: delivery.subject,
      address: delivery.address,
      deliveryCount: delivery.deliveryCount,
      position: delivery.position,
      outline: () => delivery.outline?.() ?? null,
      commit: () => delivery.commit(),
      command: () => delivery.command(),
      due: () => delivery.due(),
      working: () => mine.latest.working(),
      ack: () => {
        this.letGo(name, mine);
        return mine.latest.ack();
      },
      retryIn: (ms) => {
        this.letGo(name, mine);
        if (mine.isOurs) this.remember(name, mine.latest.deliveryCount);
        mine.latest.retryIn(ms);
      },
      terminate: (reason) => {
        this.letGo(name, mine);
        mine.latest.terminate(reason);
      },
    };
  }

  private letGo(name: string, mine: Held): void {
    if (this.held.get(name) === mine) this.held.delete(name);
    if (this.held.size > 0 || this.signs === null) return;
    clearInterval(this.signs);
    this.signs = null;
  }

  private remember(name: string, count: number): void {
    this.given.delete(name);
    this.given.set(name, count);
    if (this.given.size > REMEMBERED) this.given.delete(this.given.keys().next().value as string);
  }
}

/** Names a delivery alike in every worker of a service. */
export function nameOf(delivery: Pick<Delivery, 'kind' | 'position'>): string {
  return `${delivery.kind}:${delivery.position.stream}:${delivery.position.sequence}`;
}
