/**
 * The epochs of runs whose loop was read here once and followed since, commit by commit, so that it is not read again for
 * each of its effects.
 *
 * I1 a commit is followed only where it names the hash of the one known before, as every append to its own subject does; a
 *    commit that claims, one that was fenced elsewhere, or one that came out of turn makes the run unknown: it is read
 * I2 what is known is of one commit and what lies before it, which never changes. Whether the epoch still stands is told by
 *    connectors, who hold it against the head of the loop when they act
 */
import type { CommitOutline } from '@soloist/eventlog';
import type { Witness } from '@soloist/service';
import type { GovernancePorts } from '../ports/governance-ports.js';

interface Followed {
  /** Of the commit that was seen last. */
  readonly hash: string;
  /** Of the latest claim before that commit, and after it. */
  readonly before: number | null;
  readonly after: number | null;
}

const MOST = 2_000;
const CLAIMED = 'runtime.loop.claimed';
/** By the ports, which stand for the process: a replay brings new ones. */
const followed = new WeakMap<GovernancePorts, Map<string, Followed>>();

/** The epoch before the commit of this hash; undefined when it must be read. */
export function knownEpoch(ports: GovernancePorts, runId: string, hash: string): number | null | undefined {
  const known = followed.get(ports)?.get(runId);
  return known?.hash === hash ? known.before : undefined;
}

export function rememberEpoch(ports: GovernancePorts, runId: string, known: Followed): void {
  const runs = followed.get(ports) ?? new Map<string, Followed>();
  followed.set(ports, runs);
  runs.delete(runId);
  runs.set(runId, known);
  if (runs.size > MOST) runs.delete(runs.keys().next().value as string);
}

export const followLoop: Witness<GovernancePorts> = {
  name: 'follow-loop',
  of: 'runtime.loop',
  see: (runId, outline, ports) => {
    const known = followed.get(ports)?.get(runId);
    if (known === undefined) return;
    const next = following(known, outline);
    if (next === null) followed.get(ports)?.delete(runId);
    else rememberEpoch(ports, runId, next);
  },
};

function following(known: Followed, outline: CommitOutline): Followed | null {
  if (outline.prev === known.hash && outline.fence === null && !outline.types.includes(CLAIMED)) return { hash: outline.hash(), before: known.after, after: known.after };
  return outline.hash() === known.hash ? known : null;
}
