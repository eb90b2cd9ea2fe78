/**
 * Whether a worker may still be the one that holds its delivery.
 *
 * I1 a worker that slept longer than its lease lasts never touches the wire, whatever it did before
 * I2 past the length of one lease, the log must show besides that nobody has taken the claim over
 */
import { DELIVERY } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import type { Stopwatch } from '../ports/connectors.ports.js';

const MARGIN_MS = 500;
/**
 * The last sign of life may have been given just before the worker fell asleep, or one interval earlier; from then on
 * the lease runs. Whoever took up its delivery, or woke, less than this ago still holds it.
 */
export const HOLDS_FOR_MS = DELIVERY.ackWaitMs - DELIVERY.signOfLifeMs - MARGIN_MS;
const LOOKS_EVERY_MS = 250;

export class Holding {
  private readonly startedMs: number;
  private lastMs: number;
  private hasSlept = false;
  private claim: Commit | null = null;
  private readonly ticker: NodeJS.Timeout;

  constructor(
    private readonly log: Pick<EventLog, 'head'>,
    private readonly stopwatch: Stopwatch,
  ) {
    this.startedMs = stopwatch();
    this.lastMs = this.startedMs;
    // Ticks as the signs of life do, on the same event loop: when these come in time, so do those.
    this.ticker = setInterval(() => this.tick(), LOOKS_EVERY_MS);
  }

  /** The commit after which the wire may be touched. */
  claimed(armed: Commit): void {
    this.claim = armed;
  }

  /** To be asked at the last moment. @throws Fault transient when the log does not answer */
  async mayProceed(): Promise<boolean> {
    if (!this.isAwake()) return false;
    if (this.stopwatch() - this.startedMs < HOLDS_FOR_MS) return true;
    if (this.claim === null) return false;
    const { context, entity, key } = this.claim.address;
    const head = await this.log.head({ context, entity, key });
    return head?.id === this.claim.id && this.isAwake();
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
