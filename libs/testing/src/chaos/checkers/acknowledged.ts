/**
 * G1 G2 what was acknowledged is on the log · G3 with all events of its decision · G5 once.
 * Reads a position as what it is: the promise is about this commit at this place, not about some copy elsewhere.
 */
import type { Checker, Violation } from '../history.js';

export const acknowledgedIsStored: Checker = ({ commits, acknowledged }) => {
  const stored = new Map(commits.map((commit) => [`${commit.position.stream}:${commit.position.sequence}`, commit]));
  return acknowledged.flatMap(({ stream, sequence, subject, commitId, types }): Violation[] => {
    const found = stored.get(`${stream}:${sequence}`);
    const where = `commit ${commitId} on ${subject}, acknowledged at ${stream}:${sequence}`;
    if (found === undefined || found.id !== commitId || found.subject !== subject) return [{ kind: 'lost', guarantee: 'G1', because: `${where}, is not there` }];
    const told = types.split(',').map(nameOf).join();
    const kept = found.events.map(({ type }) => type).join();
    return told === kept ? [] : [{ kind: 'lost', guarantee: 'G3', because: `${where}, was published with ${told} and holds ${kept}` }];
  });
};

export const commitsAreSingle: Checker = ({ commits }) => {
  const seen = new Set<string>();
  return commits.flatMap((commit): Violation[] => {
    const name = `${commit.subject} ${commit.id}`;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ kind: 'doubled', guarantee: 'G5', because: `commit ${commit.id} is on ${commit.subject} a second time, at ${commit.position.sequence}` }];
  });
};

/** `runtime.loop.claimed.v1` without its version. */
function nameOf(type: string): string {
  return type.replace(/\.v\d+$/, '');
}
