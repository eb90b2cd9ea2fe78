/**
 * G4 sequences of a stream follow each other without a gap, and each commit of an entity names the one before it.
 * A fenced commit expects another subject than its own and may name any earlier one, or none (ADR 0006).
 */
import type { Checker, Violation } from '../history.js';

export const streamsHaveNoGap: Checker = ({ commits }) => {
  const last = new Map<number, number>();
  return commits.flatMap(({ position: { stream, sequence } }): Violation[] => {
    const before = last.get(stream) ?? 0;
    last.set(stream, sequence);
    if (sequence === before + 1) return [];
    return [{ kind: 'broken', guarantee: 'G4', because: `stream ${stream} goes from ${before} to ${sequence}` }];
  });
};

export const entitiesAreChained: Checker = ({ commits }) => {
  const chains = new Map<string, { last: string; readonly all: Set<string> }>();
  return commits.flatMap(({ subject, prev, hash, fence, position: { sequence } }): Violation[] => {
    const chain = chains.get(subject);
    if (chain === undefined) {
      chains.set(subject, { last: hash, all: new Set([hash]) });
      return prev === null || fence !== null ? [] : [{ kind: 'broken', guarantee: 'G4', because: `the first commit of ${subject} names one before it` }];
    }
    const follows = prev === chain.last || (fence !== null && (prev === null || chain.all.has(prev)));
    chain.last = hash;
    chain.all.add(hash);
    return follows ? [] : [{ kind: 'broken', guarantee: 'G4', because: `the commit of ${subject} at ${sequence} does not follow the one before it` }];
  });
};
