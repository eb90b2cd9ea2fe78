/** Everything the connectors' reactors and sources reach the outside by. */
import type { Authorization } from '@soloist/contracts';
import type { Connector } from './connector.port.js';
import type { OperatorMail } from './operator-mail.port.js';
import type { Webhooks } from './webhooks.port.js';

export interface AuthorizationVerifier {
  /** @throws Fault transient while governance's public key is not there */
  isGenuine(authorization: Authorization): Promise<boolean>;
}

/** Milliseconds that never go back and go on while the process is stopped; only differences count. */
export type Stopwatch = () => number;

/**
 * What a worker calls its claim of the effect with this key: lower-case letters, digits and `-`, at most 64. No two
 * claims may ever be called alike, by whichever worker, or each could take the other's for its own.
 */
export type ClaimName = (idempotencyKey: string) => string;

export interface ArrivedMail {
  /** Name of the file in its box; handed back to `settle`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Where mail for the operator waits until it is on the log. */
export interface MailArrivals {
  /** Which mailbox this is, told in the fact's `via`; no personal data. */
  readonly via: string;
  /** Everything that waits, oldest first. */
  waiting(): Promise<readonly string[]>;
  /** Null when somebody else has settled it meanwhile. */
  read(file: string): Promise<ArrivedMail | null>;
  /** Out of the way: it is on the log, or it can never be. */
  settle(file: string, as: 'received' | 'refused'): Promise<void>;
  /** Calls back when something may have arrived; may come late, double or not at all. */
  watch(onArrival: () => void): Promise<{ stop(): Promise<void> }>;
}

/** Takes mail by SMTP and keeps it; stands in for the mail servers of this world until real ones are configured. */
export interface PostOffice {
  /** Opens the door when it is not open yet. @throws Fault transient when no port can be had */
  open(): Promise<{ readonly host: string; readonly port: number }>;
}

export interface ConnectorsPorts {
  readonly connectors: readonly Connector[];
  readonly authorizations: AuthorizationVerifier;
  readonly arrivals: MailArrivals;
  readonly postOffice: PostOffice;
  readonly stopwatch: Stopwatch;
  /** Which life of the installation this is: 1, and one more for each restore from a backup. Left out, 1. */
  readonly incarnation?: number;
  /** Left out, each claim is named at random. A replay gives back the name on record. */
  readonly claimName?: ClaimName;
  /** Left out, no notice is posted anywhere. */
  readonly webhooks?: Webhooks;
  /** Left out, nothing is mailed to the operator. */
  readonly operatorMail?: OperatorMail;
}
