/**
 * What the log needs from a broker: JetStream behind its accounts, or the in-memory twin. Everything above this port is
 * one code for both, so that the twin can differ from the broker only in the broker's own facts.
 */
import type { OutgoingMessage, StoredMessage } from '../codec/message.js';

export type PublishAnswer =
  | { readonly kind: 'stored'; readonly stream: string; readonly sequence: number; readonly duplicate: boolean }
  /** The expectation did not hold (10071 with the present sequence, 10164 without). */
  | { readonly kind: 'wrong-last'; readonly lastSequence: number | null }
  /** The subject holds a message already and may hold only one (10077). */
  | { readonly kind: 'occupied' }
  /** Not stored, for certain. */
  | { readonly kind: 'refused'; readonly why: 'no-right' | 'full' | 'unreachable' | 'other'; readonly detail: string }
  /** No answer came: it may be stored, it may yet be stored, or it may be lost. */
  | { readonly kind: 'lost'; readonly detail: string };

export interface IncomingMessage extends StoredMessage {
  /** When the broker stored it, by the broker's clock, in milliseconds since 1970. */
  readonly storedAtMs: number;
  readonly deliveryCount: number;
  ack(): void;
  retryIn(ms: number): void;
  working(): void;
  terminate(reason: string): void;
}

export interface BrokerSubscription {
  stop(): Promise<void>;
}

export interface Broker {
  publish(message: OutgoingMessage): Promise<PublishAnswer>;
  /** Last message of a subject, null when there is none. @throws Fault transient */
  last(stream: string, subject: string): Promise<StoredMessage | null>;
  /** Up to `limit` messages from a sequence on, in order, of one filter or of all. @throws Fault transient */
  range(stream: string, filter: string | null, fromSequence: number, limit: number): Promise<readonly StoredMessage[]>;
  /** Sequence of a stream's last message, 0 when empty. @throws Fault transient */
  lastSequence(stream: string): Promise<number>;
  /** Pulls from a durable consumer that bootstrap made, until stopped. */
  consume(stream: string, consumer: string, onMessage: (message: IncomingMessage) => void): Promise<BrokerSubscription>;
  close(): Promise<void>;
}

export const STREAM = { commands: 'COMMANDS', dead: 'DEAD', blobs: 'BLOBS', working: 'KV_WORKING' } as const;
