/**
 * A rejection is the domain saying no. It is a value, recorded as a fact, never retried, never a stack trace
 * (DESIGN section 7). A fault is the world failing and is thrown by adapters; anything else thrown is a defect.
 */
export interface Rejection {
  readonly rejected: true;
  /** Stable code, one table per lib, printed in docs/reference/errors.md. */
  readonly code: string;
  /** What the operator can read: the field, the reason, the next step. */
  readonly because: string;
}

export function reject(code: string, because: string): Rejection {
  return { rejected: true, code, because };
}

export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && (value as { rejected?: unknown }).rejected === true;
}
