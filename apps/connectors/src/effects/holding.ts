/**
 * Whether a worker may still be the one that holds its delivery.
 *
 * I1 a worker that slept so long that others may take it for gone never touches the wire, whatever it did before
 * I2 at the moment it is asked the log must show that nobody has taken the claim over, however short the sleep was: a
 *    delivery may come again early
 */
import { DELIVERY } from '@soloist/contracts';
import type { Stopwatch } from '../ports/connectors.ports.js';

const MARGIN_MS = 500;
/**
 * Others take a delivery over when its worker has been silent for `silenceMs`. It was heard last just before it fell
 * asleep, or one interval earlier, and silence is counted in intervals: whoever took up its delivery, or woke, less than
 * this ago still holds it.
 */
export const HOLDS_FOR_MS = DELIVERY.silenceMs - 2 * DELIVERY.presenceMs - MARGIN_MS;
const LOOKS_EVERY_MS = 250;

export class Holding {
  private lastMs: number;
  private hasSlept = false;
  private isOpen: (() => Promise<boolean>) | null = null;
  private readonly ticker: NodeJS.Timeout;

  constructor(private readonly stopwatch: Stopwatch) {
    this.lastMs = stopwatch();
    // Ticks as the signs of life do, on the same event loop: when these come in time, so do those.
    this.ticker = setInterval(() => this.tick(), LOOKS_EVERY_MS);
  }

  /** The effect is claimed and armed; `isOpen` asks the log whether the claim still stands without an outcome. */
  claimed(isOpen: () => Promise<boolean>): void {
    this.isOpen = isOpen;
  }

  /** To be asked at the last moment. @throws Fault transient when the log does not answer */
  async mayProceed(): Promise<boolean> {
    if (this.isOpen === null || !this.isAwake()) return false;
    return (await this.isOpen()) && this.isAwake();
  }

  release(): void {
    clearInterval(this.ticker);
  }

  private isAwake(): boolean {
    this.tick();
    return !this.hasSlept;
  }

  private tick(): void {
    const nowMs = this.stopwatch();
    if (nowMs - this.lastMs >= HOLDS_FOR_MS) this.hasSlept = true;
    this.lastMs = nowMs;
  }
}
