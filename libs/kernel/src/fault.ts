/**
 * What may go wrong in the world, and what follows:
 * transient → backoff · throttled → respect `retryAfterMs` · unauthorized → hold and open a gate ·
 * invalid → dead letter · unknown-outcome → check the world, never a blind retry.
 */
export type FaultKind = 'transient' | 'throttled' | 'unauthorized' | 'invalid' | 'unknown-outcome';

/** Thrown by adapters only, after they have classified what the world said. Carries no secret and no personal data. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(kind: FaultKind, code: string, message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

export function isFault(value: unknown): value is Fault {
  return value instanceof Fault;
}
