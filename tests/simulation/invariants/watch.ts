/** What an invariant is: it sees every commit in log order and every fact of the world, and says when it is broken. */
import type { AnyEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { Accepted } from '../world/mail-world.js';
import type { Executed } from '../world/programs.js';
import type { Charge } from '../world/scripted-model.js';

export interface Watch {
  /** Names the guarantee. */
  readonly name: string;
  readonly onCommit?: (commit: Commit) => void;
  readonly onAccepted?: (mail: Accepted) => void;
  readonly onExecuted?: (executed: Executed) => void;
  readonly onCharged?: (charge: Charge) => void;
  /** When everything has come to rest. */
  readonly atEnd?: () => void;
}

export class Broken extends Error {}

/** @throws Broken */
export function hold(isSo: boolean, because: string): void {
  if (!isSo) throw new Broken(because);
}

/** The codec has checked every event against its contract. */
export function eventsOf<Event extends AnyEvent>(commit: Commit): readonly Event[] {
  return commit.events as readonly unknown[] as readonly Event[];
}
