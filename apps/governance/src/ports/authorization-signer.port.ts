/** Signs what connectors may act on. Replay answers from the record instead. */
import type { Authorization } from '@soloist/contracts';

export type Signature = Pick<Authorization, 'keyId' | 'signature'>;

export interface AuthorizationSigner {
  /** Synchronous and deterministic: the same authorization always has the same signature. */
  sign(authorization: Omit<Authorization, 'keyId' | 'signature'>): Signature;
}
