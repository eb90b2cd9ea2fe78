/**
 * The hash of a commit: SHA-256 over the canonical JSON of [subject, its headers sorted by name], a line feed, and the
 * body bytes as stored.
 *
 * I1 it covers every `Soloist-*` header but `Soloist-From` (a sequence, valid in one site only) and `traceparent`
 * I2 it covers the ciphertext of sealed fields, so that erasing a key leaves the chain whole
 * I3 `Nats-*` headers are the broker's business and never covered
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '@soloist/kernel';
import { HEADER, type HeaderPair, type OutgoingMessage } from './message.js';

export function commitHash(message: OutgoingMessage): string {
  const covered = message.headers.filter(([name]) => isCovered(name)).sort(compare);
  return hash('sha256', Buffer.concat([Buffer.from(`${canonicalJson([message.subject, covered])}\n`), message.body]), 'hex');
}

function isCovered(name: string): boolean {
  return (name.startsWith('Soloist-') && name !== HEADER.from) || name === HEADER.traceparent;
}

function compare([leftName, leftValue]: HeaderPair, [rightName, rightValue]: HeaderPair): number {
  if (leftName !== rightName) return leftName < rightName ? -1 : 1;
  return leftValue < rightValue ? -1 : leftValue > rightValue ? 1 : 0;
}
