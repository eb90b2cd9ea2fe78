/**
 * The hash chain of one entity.
 *
 * I1 each commit names the hash of the one before it in the log; the first names none
 * I2 a fenced commit does not expect its own subject (the broker takes one expectation a message), so another commit of
 *    the entity may land between decision and append: it may name any earlier commit of the same history, or none when
 *    it was decided before there was one. It never revives what came between: the next commit again names the one
 *    right before it
 * I3 the last commit of the list is the entity's head, read independently
 */
import { logFault } from '../errors.js';
import type { Commit } from '../event-log.port.js';

/**
 * @param isWhole true when the list must begin with the entity's first commit
 * @throws Fault invalid log.chain-broken
 */
export function checkChain(commits: readonly Commit[], head: Commit, isWhole: boolean): void {
  const seen = new Set<string>();
  let before: Commit | null = null;
  for (const commit of commits) {
    const follows = before === null ? !isWhole || commit.prev === null : commit.prev === before.hash;
    const isFencedFork = commit.fence !== null && (commit.prev === null || seen.has(commit.prev));
    if (!follows && !isFencedFork) throw broken(commit, before);
    seen.add(commit.hash);
    before = commit;
  }
  if (before === null || before.hash !== head.hash || before.position.sequence !== head.position.sequence) {
    throw logFault('log.chain-broken', `subject ${head.subject}: the history does not end in its head at sequence ${head.position.sequence}`);
  }
}

function broken(commit: Commit, before: Commit | null): Error {
  const expected = before === null ? 'no commit before it' : `the commit at sequence ${before.position.sequence}`;
  return logFault('log.chain-broken', `subject ${commit.subject}, sequence ${commit.position.sequence}, field Soloist-Prev: does not name ${expected}`);
}
