import { createHash } from 'node:crypto';

/** SHA-256, lower-case hex. */
export function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The id of a commit: a hash of what caused it, which decider made it and where it goes, so that a repeat of the same
 * decision has the same id in every process. 32 hex digits (128 bits).
 */
export function commitIdOf(cause: string, decider: string, subject: string): string {
  return sha256Hex(`soloist-commit\n${cause}\n${decider}\n${subject}`).slice(0, 32);
}

/** An id for something that comes from outside or follows from another id: 32 hex digits. */
export function derivedId(purpose: string, ...parts: readonly string[]): string {
  return sha256Hex(`soloist-id\n${purpose}\n${parts.join('\n')}`).slice(0, 32);
}
