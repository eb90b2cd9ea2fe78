/** What a log must offer besides its port in order to be proven by this suite. */
import type { StreamCount } from '@soloist/contracts';
import type { OutgoingMessage, StoredMessage } from '../codec/message.js';
import type { KeyTable, LogConnection } from '../event-log.port.js';
import type { Party } from '../memory/rights.js';

export interface LogHarness {
  readonly streams: StreamCount;
  readonly keys: KeyTable & { erase(dataSubject: string): unknown };
  /** A connection with the rights of one service, of replay, or (`ops`) with all. */
  connect(party: Party): Promise<LogConnection>;
  /** A connection whose publishes may lose their answers after the message was stored. */
  connectLossy(party: Party): Promise<LossyConnection>;
  /** Past codec, sealing and expectations, straight into the broker. */
  publishRaw(message: OutgoingMessage): Promise<void>;
  /** Everything a stream holds, as bytes. */
  stored(stream: string): Promise<readonly StoredMessage[]>;
  /** Deliveries that were handed out and not acked come again soon after this. */
  provokeRedelivery(): Promise<void>;
  close(): Promise<void>;
}

export interface LossyConnection {
  readonly connection: LogConnection;
  /** The next so many answers to publishes get lost. */
  loseAnswers(count: number): void;
}

/** Waits for a condition, looking again and again; fails with what it saw last. */
export async function eventually<T>(look: () => T | Promise<T>, isGood: (seen: T) => boolean, withinMs = 10_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isGood(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** One thing a log must do, tried on a harness. */
export type Case = (harness: LogHarness) => Promise<void>;
export type Suite = Readonly<Record<string, Readonly<Record<string, Case>>>>;
