/**
 * G1 what was acknowledged is in the log · G4 each entity has one order and one chain · G5 no commit is there twice
 */
import type { ArmingEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { eventsOf, hold, type Watch } from './watch.js';

export class LogWatch implements Watch {
  readonly name = 'G1 G4 G5 log';
  readonly #stored = new Map<string, string>();
  /** Acknowledged and not there, once everything is at rest. */
  lost = 0;
  readonly #acknowledged: Commit[] = [];
  readonly #chains = new Map<string, { last: string; all: Set<string>; ids: Set<string> }>();

  onAcknowledged(commit: Commit): void {
    this.#acknowledged.push(commit);
  }

  onCommit(commit: Commit): void {
    this.#stored.set(placeOf(commit), commit.hash);
    const chain = this.#chains.get(commit.subject);
    if (chain === undefined) {
      hold(commit.prev === null, `the first commit of ${commit.subject} names one before it`);
      this.#chains.set(commit.subject, { last: commit.hash, all: new Set([commit.hash]), ids: new Set([commit.id]) });
      return;
    }
    const follows = commit.prev === chain.last || (isArmed(commit) && (commit.prev === null || chain.all.has(commit.prev)));
    hold(follows, `commit ${commit.id} on ${commit.subject} at ${commit.position.sequence} does not follow the one before it`);
    hold(!chain.ids.has(commit.id), `commit ${commit.id} is on ${commit.subject} twice`);
    chain.last = commit.hash;
    chain.all.add(commit.hash);
    chain.ids.add(commit.id);
  }

  atEnd(): void {
    const lost = this.#acknowledged.filter((commit) => this.#stored.get(placeOf(commit)) !== commit.hash);
    this.lost = lost.length;
    for (const commit of lost) {
      hold(false, `commit ${commit.id} on ${commit.subject} was acknowledged at ${placeOf(commit)} and is not there`);
    }
  }
}

/** The one commit that expects another subject than its own (ADR 0006). */
function isArmed(commit: Commit): boolean {
  return eventsOf<ArmingEvent>(commit).some((event) => event.type === 'connectors.arming.armed');
}

function placeOf({ position, subject }: Commit): string {
  return `${position.stream}:${position.sequence}:${subject}`;
}
