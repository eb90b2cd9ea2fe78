/**
 * What becomes of a delivery whose work did not succeed: tried again, held, or buried with a letter.
 *
 * I1 a delivery is dead-lettered before it is terminated, so poison is never lost
 * I2 what a newer release wrote is held for the release that can read it, loudly, however often it comes; so is what was
 *    told when to come back (a stopped company, a provider's Retry-After). Neither is buried for its count
 */
import { DELIVERY, type Context } from '@soloist/contracts';
import type { DeadLetter, Delivery, EventLog } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import type { Logger } from '@soloist/telemetry';
import type { DecisionClock } from './clock.js';
import { nameOf } from './hands.js';

/** A defect is tried again this often in case its cause was passing; then the message is dead. */
const DEFECT_TRIES = 5;
const PURPOSE = { event: 'reactors', command: 'commands', timer: 'timers' } as const;
const BACKOFF_MS = [100, 400, 1_000, 3_000, 10_000, 30_000];
const NEWER_RELEASE = 'log.newer-release';

export class Settlement {
  private readonly defects = new Map<string, number>();
  /** Deliveries that wait for something that is known: another release, the end of a stop, a provider's moment. */
  private readonly held = new Set<string>();

  constructor(
    private readonly service: Context,
    private readonly log: Pick<EventLog, 'dead'>,
    private readonly clock: DecisionClock,
    private readonly logger: Logger,
  ) {}

  succeeded(delivery: Delivery): void {
    this.defects.delete(nameOf(delivery));
    this.held.delete(nameOf(delivery));
  }

  /** Whether it came so often that it is given up unseen: it keeps killing its worker, or the world is down for hours. */
  isOverdue(delivery: Delivery): boolean {
    return delivery.deliveryCount > DELIVERY.lastDelivery && !this.held.has(nameOf(delivery)) && !isAhead(delivery);
  }

  async failed(delivery: Delivery, error: unknown): Promise<void> {
    const where = { subject: delivery.subject, deliveries: delivery.deliveryCount };
    if (isFault(error) && error.kind !== 'invalid') {
      const delay = error.retryAfterMs ?? backoff(delivery.deliveryCount, error.kind === 'unauthorized' ? 4 : 0);
      if (error.code === NEWER_RELEASE || error.retryAfterMs !== undefined) this.held.add(nameOf(delivery));
      if (error.code === NEWER_RELEASE) {
        this.logger.error(`held for a newer release: ${error.message}`, { ...where, retryInMs: delay });
      } else this.logger.warn(`${error.code}: ${error.message}`, { ...where, retryInMs: delay });
      delivery.retryIn(delay);
      return;
    }
    if (isFault(error)) return this.bury(delivery, `${error.code}: ${error.message}`);
    const tries = (this.defects.get(nameOf(delivery)) ?? 0) + 1;
    this.defects.set(nameOf(delivery), tries);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.logger.error(`defect: ${text}`, { ...where, tries });
    if (tries < DEFECT_TRIES) return delivery.retryIn(backoff(tries, 0));
    await this.bury(delivery, `defect: ${error instanceof Error ? error.message : String(error)}`);
  }

  async bury(delivery: Delivery, reason: string): Promise<void> {
    try {
      await this.log.dead({
        consumer: `${this.service}_${PURPOSE[delivery.kind]}`,
        address: { context: this.service, entity: delivery.address.entity, key: delivery.address.key },
        position: delivery.position,
        commit: commitIdOfDelivery(delivery),
        reason,
        attempts: delivery.deliveryCount,
        ...wishOf(delivery),
        at: this.clock.now(nameOf(delivery)),
      });
    } catch (error) {
      // Not on record yet: keep the message, it comes again and is buried then.
      this.logger.error(`dead letter could not be written: ${String(error)}`, { subject: delivery.subject });
      return delivery.retryIn(backoff(delivery.deliveryCount, 2));
    }
    this.logger.error(`dead letter: ${reason}`, { subject: delivery.subject });
    this.succeeded(delivery);
    delivery.terminate(reason.slice(0, 200));
  }
}

/** Reading it harms nobody, whatever its work may do. */
function isAhead(delivery: Delivery): boolean {
  if (delivery.kind !== 'event') return false;
  try {
    delivery.commit();
    return false;
  } catch (error) {
    return isFault(error) && error.code === NEWER_RELEASE;
  }
}

/** The command itself goes into its letter: its stream keeps nothing that was given up. */
export function wishOf(delivery: Delivery): Pick<DeadLetter, 'command'> {
  if (delivery.kind !== 'command') return {};
  try {
    const { id, actor, body } = delivery.command();
    return { command: { id, actor, body } };
  } catch {
    // It cannot be read: that is what its letter says, and `handle` hears of it again.
    return {};
  }
}

function commitIdOfDelivery(delivery: Delivery): string | null {
  try {
    if (delivery.kind === 'timer') return delivery.due().timerId;
    return delivery.kind === 'command' ? delivery.command().id : delivery.commit().id;
  } catch {
    return null;
  }
}

function backoff(count: number, least: number): number {
  return BACKOFF_MS[Math.min(Math.max(count - 1, least), BACKOFF_MS.length - 1)] ?? 30_000;
}
