/**
 * The one log. Two implementations stand behind this port, JetStream and the in-memory twin, and pass one conformance
 * suite. No code outside this lib knows NATS.
 *
 * I1 a commit is one message: all events of one decision of one entity, or none
 * I2 a commit is appended only at the position its writer saw (optimistic concurrency on the exact subject)
 * I3 an append whose outcome is unknown is resolved by reading back: never two copies, never a blind retry
 * I4 each commit carries the hash of the one before; readers check the chain from the head downwards
 * I5 fields marked personal leave the process sealed only; hashes and blob names cover the ciphertext
 */
import type { Address, AnyEvent, BlobRef, Context, ParsedSubject } from '@soloist/contracts';

export interface Position {
  readonly stream: number;
  readonly sequence: number;
}

/** What a writer must know of an entity's last commit in order to append the next. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
  /** Where a cold read of the entity starts: its first commit or latest snapshot. A hint of this site only. */
  readonly from: number;
}

export interface Commit {
  readonly position: Position;
  readonly subject: string;
  readonly address: ParsedSubject;
  /** `Soloist-Commit`: hash of cause, decider and subject. */
  readonly id: string;
  /** Id of the commit or command this one follows from; null only for what nothing inside caused. */
  readonly cause: string | null;
  readonly actor: string;
  readonly policy: string | null;
  /** RFC 3339, UTC. Information for people; decisions see it as their `now`, order never comes from it. */
  readonly at: string;
  /** Hash of the entity's commit before, null for the first. */
  readonly prev: string | null;
  readonly hash: string;
  readonly from: number;
  readonly traceparent: string | null;
  /** The filter it was fenced by, null when it expected its exact subject. */
  readonly fence: string | null;
  /** Decoded, lifted to the current version, opened. A personal field of an erased data subject reads as `ERASED`. */
  readonly events: readonly AnyEvent[];
}

export interface CommitDraft {
  readonly address: Address;
  readonly id: string;
  readonly cause: string | null;
  readonly actor: string;
  readonly policy: string | null;
  readonly at: string;
  readonly traceparent: string | null;
  readonly events: readonly AnyEvent[];
  /** The entity's head the decision was made on; null when it was never written. */
  readonly after: Head | null;
  /** True when the events include a snapshot, so that cold reads may start at this commit. */
  readonly snapshot: boolean;
  /** An expectation other than on the exact subject. Same stream only. */
  readonly fence?: Fence;
}

/**
 * `episode`: nothing of this run was written after `sequence` (replaces the exact-subject expectation, which it implies).
 * `subject`: the named entity's last sequence is `sequence`, 0 for never written; the own subject is not expected.
 */
export type Fence =
  | { readonly kind: 'episode'; readonly runId: string; readonly sequence: number }
  | { readonly kind: 'subject'; readonly address: Address; readonly sequence: number };

export type Appended =
  | { readonly outcome: 'committed'; readonly commit: Commit }
  /** Somebody else wrote first (or the fence fell). `lastSequence` is the broker's word when it gave one. */
  | { readonly outcome: 'conflict'; readonly lastSequence: number | null };

export interface EventLog {
  readonly streams: number;
  /** @throws Fault transient (not stored, for certain) · unknown-outcome (could not be read back) · invalid (too large, bad shape) */
  append(draft: CommitDraft): Promise<Appended>;
  /** Last commit of an entity, null when never written. */
  head(address: Address): Promise<Commit | null>;
  /** The entity's commits from its first or its latest snapshot to its head, chain checked. Needs the cold-read right. */
  read(address: Address): Promise<readonly Commit[]>;
  /** The entity's whole history from its first commit on, for people and proofs. Needs the cold-read right. */
  history(address: Address): Promise<readonly Commit[]>;
  /** All commits of a run, all entities, in log order. Needs the cold-read right. */
  episode(runId: string): Promise<readonly Commit[]>;
  /** Up to `limit` commits of a stream after a sequence, in order: what projections read. Needs the cold-read right. */
  readAfter(stream: number, sequence: number, limit: number): Promise<readonly Commit[]>;
  /** Last sequence of a stream's events as seen by a projection reader; 0 when empty. */
  lastSequence(stream: number): Promise<number>;
  putBlob(owner: Context, bytes: Uint8Array, dataSubject: string): Promise<BlobRef>;
  getBlob(ref: BlobRef): Promise<Uint8Array>;
  /** A wish from outside, put durably into COMMANDS; governance's API only. */
  command(address: Address, command: { readonly id: string; readonly actor: string; readonly body: unknown }): Promise<void>;
  /** The commit at a position, null when nothing lies there. Needs the cold-read right. @throws Fault invalid when it does not decode */
  commitAt(position: Position): Promise<Commit | null>;
  /** The same as text, to be carried to a service without that right. Needs the cold-read right. */
  carry(position: Position): Promise<CarriedCommit | null>;
  /** A carried commit, held against the head of its entity. @throws Fault invalid when the log says otherwise */
  openCarried(text: CarriedCommit): Promise<Commit>;
  dead(letter: DeadLetter): Promise<void>;
  /** Writes what became of a letter of the own. */
  settle(outcome: LetterOutcome): Promise<void>;
  /** All dead letters and their outcomes, in order; governance's right. */
  letters(): Promise<readonly LetterRecord[]>;
  /** Arms a durable wake-up of the own context. Arm it before the append that needs it: the due message only says "look now". */
  arm(timer: TimerDraft): Promise<void>;
  close(): Promise<void>;
}

/** A wake-up. Arming one id again replaces what was armed under it. */
export interface TimerDraft {
  /** The timer's own id: no two timers share one. */
  readonly timerId: string;
  /** What is to be looked at. */
  readonly address: Address;
  /** RFC 3339, UTC; a moment in the past is due at once. */
  readonly dueAt: string;
  readonly body: unknown;
}

export interface DeadLetter {
  readonly consumer: string;
  readonly address: Address;
  readonly position: Position | null;
  readonly commit: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly at: string;
  /** What was wished for, for commands: their stream keeps nothing that was given up. Null fields of unreadable ones are left out. */
  readonly command?: { readonly id: string; readonly actor: string; readonly body?: unknown };
}

/** A stored commit as text. */
export interface CarriedCommit {
  readonly stream: number;
  readonly sequence: number;
  readonly subject: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What became of a dead letter, written by the service whose letter it is. */
export interface LetterOutcome {
  /** Id of the letter. */
  readonly settles: string;
  /** The letter's own address. */
  readonly address: Address;
  /** `failed` leaves the letter open. */
  readonly outcome: 'redelivered' | 'failed' | 'discarded';
  readonly reason: string;
  readonly by: string;
  readonly commandId: string;
  readonly at: string;
}

export type LetterRecord =
  | { readonly kind: 'letter'; readonly sequence: number; readonly subject: string; readonly id: string; readonly letter: DeadLetter }
  | { readonly kind: 'outcome'; readonly sequence: number; readonly subject: string; readonly outcome: LetterOutcome }
  | { readonly kind: 'unreadable'; readonly sequence: number; readonly subject: string };

/** What a commit tells without being decoded. */
export interface CommitOutline {
  /** Wire types without version; all of them known to this release. */
  readonly types: readonly string[];
  /** As `Commit` has them. */
  readonly prev: string | null;
  readonly fence: string | null;
  hash(): string;
}

/** One message handed to a consumer. An ack is a hint, never a commit: it may be forgotten and the message come again. */
export interface Delivery {
  readonly kind: 'event' | 'command' | 'timer';
  readonly subject: string;
  readonly address: ParsedSubject;
  readonly deliveryCount: number;
  readonly position: Position;
  /** For events; null or absent where only decoding tells what it is. */
  outline?(): CommitOutline | null;
  /** The commit, for events. Decoding is lazy so that poison is the consumer's to judge. @throws Fault invalid */
  commit(): Commit;
  /** The wish, for commands. @throws Fault invalid */
  command(): Command;
  /** The wake-up, for timers. @throws Fault invalid */
  due(): Due;
  ack(): Promise<void>;
  retryIn(ms: number): void;
  /** Extends the lease. */
  working(): void;
  terminate(reason: string): void;
}

export interface Command {
  readonly id: string;
  readonly actor: string;
  readonly address: ParsedSubject;
  readonly body: unknown;
}

/** A timer that is due. May come twice, and says nothing that is not looked up in the log. */
export interface Due {
  readonly timerId: string;
  readonly address: ParsedSubject;
  readonly body: unknown;
  /** When the broker fired it, by the broker's clock. RFC 3339, UTC. */
  readonly firedAt: string;
}

export interface Subscription {
  /** Stops pulling; what was handed over may still be finished. */
  stop(): Promise<void>;
}

/** The delivering side of the log: durable consumers that bootstrap made. */
export interface Deliveries {
  /** One loop for each event stream, or one for commands, or one for the context's timers. `onDelivery` is called without waiting for the one before. */
  consume(context: Context, purpose: 'reactors' | 'commands' | 'timers', onDelivery: (delivery: Delivery) => void): Promise<Subscription>;
  /** Calls back whenever a stream has grown; carries nothing, may come late, double or not at all after a crash. */
  wakeups(context: Context, onGrowth: (stream: number) => void): Promise<Subscription>;
}

/** Short-term context with a time to live, never the only copy of anything that matters. Sealed like events. */
export interface WorkingMemory {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, dataSubject: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * The keep's table of data-subject keys. Destroying a key, with a tombstone in its place, is how a subject is forgotten.
 * A key that is gone without a tombstone is lost, not erased: then everything of its subject is held.
 */
export interface KeyTable {
  /**
   * The 32-byte key to seal with, made on first use, once for all processes. Null when the subject was erased.
   * @throws Fault transient: `keep.key-missing`, `keep.unreadable`
   */
  keyFor(dataSubject: string): Promise<Uint8Array | null>;
  /**
   * The key of a subject that something is sealed for. Null when, and only when, the subject was erased.
   * @throws Fault transient: `keep.key-missing`, `keep.unreadable`
   */
  existingKey(dataSubject: string): Promise<Uint8Array | null>;
  /** An opaque, stable id for an outside identity (a mail address), by a keyed hash. */
  subjectFor(identity: string): Promise<string>;
}

/** Which other workers of a service are there. For liveness only: what they may write is fenced by the log alone. */
export interface Presence {
  /**
   * @param holds answers others whether a delivery is in hand here
   * @param silenceMs after how long a worker that is connected and does not answer is taken for gone
   */
  join(context: Context, holds: (delivery: string) => boolean, silenceMs?: number): Promise<Peers>;
}

export interface Peers extends Subscription {
  /** Whether another worker has this delivery in hand; `unclear` while one that may have it does not answer. */
  holderOf(delivery: string): Promise<'nobody' | 'another' | 'unclear'>;
}

/** Everything a service is connected to. */
export interface LogConnection {
  readonly log: EventLog;
  readonly deliveries: Deliveries;
  readonly working: WorkingMemory;
  readonly keys: KeyTable;
  /** Absent where nobody can be asked: then a delivery that comes again is taken over at once. */
  readonly presence?: Presence;
  close(): Promise<void>;
}
