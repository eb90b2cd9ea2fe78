/**
 * Codes for the approval page. Both are bound to one gate and to the digest of what stands at it.
 *
 * I1 a link opens the page of its gate and decides nothing
 * I2 a form code decides once: it names its decision, and the log takes each name once
 */
export interface BoundGate {
  readonly gateId: string;
  readonly digest: string;
}

export interface FormCode {
  /** Names the one decision that this code is good for. */
  readonly commandId: string;
  readonly isExpired: boolean;
}

export interface ApprovalLinks {
  /** The same link for the same gate: it can be asked for again. */
  linkCode(gate: BoundGate): string;
  opens(code: string, gate: BoundGate): boolean;
  /** @param now RFC 3339 */
  formCode(gate: BoundGate, now: string): string;
  /** Null when it is not one of ours, or of another gate or digest. */
  readFormCode(code: string, gate: BoundGate, now: string): FormCode | null;
}
