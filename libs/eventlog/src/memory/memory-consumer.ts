/**
 * A durable pull consumer of the in-memory broker.
 *
 * I1 a message is handed out until it is acked, terminated or out of deliveries
 * I2 an ack counts whoever sends it, also from a delivery that was given up long ago; it never proves anything
 * I3 an ack may be forgotten, as after a crash of the broker
 */
import type { BrokerSubscription, IncomingMessage } from '../log/broker.port.js';
import type { MemoryStream } from './memory-stream.js';
import type { Scheduler } from './scheduler.js';

export interface ConsumerRules {
  readonly name: string;
  readonly passes: (subject: string) => boolean;
  readonly needsAck: boolean;
  /** Work queue: an ack removes the message from the stream. */
  readonly removesAcked: boolean;
  readonly ackWaitMs: number;
  readonly maxDeliver: number;
  /** How many deliveries may be open at once. */
  readonly maxOutstanding: number;
}

interface Outstanding {
  deliveryCount: number;
  /** When it comes again. Put off far more often than it is reached: the alarm is not moved, and looks again when it rings. */
  dueAt: number;
  alarmAt: number;
  callOff: () => void;
}

/** Below the grain of every clock. */
const ROUNDING_MS = 1e-6;

type Receiver = (message: IncomingMessage) => void;

export class MemoryConsumer {
  readonly #stream: MemoryStream;
  readonly #rules: ConsumerRules;
  readonly #scheduler: Scheduler;
  readonly #forgetsAck: (sequence: number) => boolean;
  readonly #receivers: Receiver[] = [];
  readonly #outstanding = new Map<number, Outstanding>();
  #again: number[] = [];
  #cursor = 1;
  #turn = 0;
  #isScheduled = false;

  constructor(stream: MemoryStream, rules: ConsumerRules, scheduler: Scheduler, forgetsAck: (sequence: number) => boolean) {
    this.#stream = stream;
    this.#rules = rules;
    this.#scheduler = scheduler;
    this.#forgetsAck = forgetsAck;
  }

  subscribe(receiver: Receiver): BrokerSubscription {
    this.#receivers.push(receiver);
    this.wake();
    return {
      stop: async () => {
        const index = this.#receivers.indexOf(receiver);
        if (index >= 0) this.#receivers.splice(index, 1);
      },
    };
  }

  /** Something may be there to hand out. */
  wake(): void {
    if (this.#isScheduled || this.#receivers.length === 0 || !this.#hasWork()) return;
    this.#isScheduled = true;
    this.#scheduler.soon(() => {
      this.#isScheduled = false;
      this.#handOutOne();
      this.wake();
    });
  }

  /** All that was handed out and not acked comes again at once, as after a restart of the broker. */
  redeliverOutstanding(forgetsCount: (sequence: number) => boolean): void {
    for (const [sequence, outstanding] of this.#outstanding) {
      if (forgetsCount(sequence)) outstanding.deliveryCount = Math.max(0, outstanding.deliveryCount - 1);
      this.#redeliver(sequence);
    }
  }

  #hasWork(): boolean {
    if (this.#again.length > 0) return true;
    if (this.#outstanding.size >= this.#rules.maxOutstanding) return false;
    const next = this.#stream.next(this.#cursor, this.#rules.passes);
    // What does not pass is looked at once, however long the stream is.
    this.#cursor = Math.max(this.#cursor, next?.sequence ?? this.#stream.lastSequence + 1);
    return next !== null;
  }

  #handOutOne(): void {
    const receiver = this.#receivers[this.#turn % Math.max(1, this.#receivers.length)];
    if (receiver === undefined) return;
    const sequence = this.#again.shift() ?? this.#advance();
    const stored = sequence === null ? null : this.#stream.at(sequence);
    if (sequence === null || stored === null) return;
    this.#turn += 1;
    const deliveryCount = this.#rules.needsAck ? this.#handedOut(sequence) : 1;
    receiver({
      ...stored,
      deliveryCount,
      storedAtMs: this.#stream.storedAtMs(sequence),
      ack: () => this.#settle(sequence, !this.#forgetsAck(sequence)),
      retryIn: (ms) => this.#wait(sequence, ms),
      working: () => this.#wait(sequence, this.#rules.ackWaitMs),
      terminate: () => this.#settle(sequence, true),
    });
  }

  #advance(): number | null {
    const message = this.#stream.next(this.#cursor, this.#rules.passes);
    if (message === null) return null;
    this.#cursor = message.sequence + 1;
    return message.sequence;
  }

  #handedOut(sequence: number): number {
    const deliveryCount = (this.#outstanding.get(sequence)?.deliveryCount ?? 0) + 1;
    this.#outstanding.get(sequence)?.callOff();
    this.#outstanding.set(sequence, { deliveryCount, dueAt: 0, alarmAt: Infinity, callOff: () => undefined });
    this.#wait(sequence, this.#rules.ackWaitMs);
    return deliveryCount;
  }

  #wait(sequence: number, ms: number): void {
    const outstanding = this.#outstanding.get(sequence);
    if (outstanding === undefined) return;
    outstanding.dueAt = this.#scheduler.now() + ms;
    if (outstanding.alarmAt > outstanding.dueAt) this.#setAlarm(sequence, outstanding, ms);
  }

  #setAlarm(sequence: number, outstanding: Outstanding, ms: number): void {
    outstanding.callOff();
    outstanding.alarmAt = outstanding.dueAt;
    outstanding.callOff = this.#scheduler.after(ms, () => {
      const restMs = outstanding.dueAt - this.#scheduler.now();
      outstanding.alarmAt = Infinity;
      if (restMs > ROUNDING_MS) this.#setAlarm(sequence, outstanding, restMs);
      else this.#redeliver(sequence);
    });
  }

  #redeliver(sequence: number): void {
    const outstanding = this.#outstanding.get(sequence);
    if (outstanding === undefined || this.#again.includes(sequence)) return;
    outstanding.callOff();
    outstanding.alarmAt = Infinity;
    // Out of deliveries: an advisory in the real broker; the message stays in the stream, undelivered.
    if (outstanding.deliveryCount >= this.#rules.maxDeliver) return;
    this.#again.push(sequence);
    this.wake();
  }

  #settle(sequence: number, isRemembered: boolean): void {
    if (!isRemembered) return;
    this.#outstanding.get(sequence)?.callOff();
    this.#outstanding.delete(sequence);
    this.#again = this.#again.filter((waiting) => waiting !== sequence);
    if (this.#rules.removesAcked) this.#stream.remove(sequence);
    this.wake();
  }
}
