/** Hashes and the ids made from them: SHA-256 (FIPS 180-4), lower-case hex. */
import { hash } from 'node:crypto';
import { canonicalJson } from '@soloist/kernel';

export function sha256Hex(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/**
 * The id of a commit: a hash of what caused it, which decider made it and where it goes, so that a repeat of the same
 * decision has the same id in every process. 32 hex digits (128 bits).
 */
export function commitIdOf(cause: string, decider: string, subject: string): string {
  return sha256Hex(canonicalJson(['soloist-commit', cause, decider, subject])).slice(0, 32);
}

/** An id for something that comes from outside or follows from another id: 32 hex digits. */
export function derivedId(purpose: string, ...parts: readonly string[]): string {
  return sha256Hex(canonicalJson(['soloist-id', purpose, ...parts])).slice(0, 32);
}

/** How one event of a commit is cited. */
export function eventIdOf(commitId: string, index: number): string {
  return `${commitId}/${index}`;
}
