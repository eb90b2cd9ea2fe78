/**
 * Which of many runs stand still: the rules that every sweep keeps.
 *
 * I1 a run is stuck that stood still from one round to the next while there was something to move it by
 * I2 a run that has nothing to be moved by rests, and is looked at ever less often, down to every sixth round
 * I3 a run that cannot be moved keeps no other from being moved
 */

/** How many runs are looked at at a time. */
const AT_ONCE = 8;
const MOST_ROUNDS_SKIPPED = 5;

/** `last`: where its record ended. `move`: what would bring it on; null when nothing has to. */
export interface Looked {
  readonly last: number;
  readonly move: (() => Promise<unknown>) | null;
}

/** A run that had nothing to be moved for: where it stood, and for how many rounds it is left alone. */
interface Resting {
  readonly last: number;
  readonly skip: number;
  readonly left: number;
}

export class StandStill {
  private stood: ReadonlyMap<string, number> = new Map();
  private resting: ReadonlyMap<string, Resting> = new Map();

  /** @throws AggregateError after all were looked at, when some could not be */
  async round(runIds: readonly string[], look: (runId: string) => Promise<Looked>): Promise<void> {
    const still = new Map<string, number>();
    const rest = new Map<string, Resting>();
    const failures: unknown[] = [];
    const visit = async (runId: string): Promise<void> => {
      const before = this.resting.get(runId);
      if (before !== undefined && before.left > 0) return void rest.set(runId, { ...before, left: before.left - 1 });
      const { last, move } = await look(runId);
      if (move === null) {
        const skip = before?.last === last ? Math.min(before.skip + 1, MOST_ROUNDS_SKIPPED) : 0;
        return void rest.set(runId, { last, skip, left: skip });
      }
      still.set(runId, last);
      if (this.stood.get(runId) === last) await move();
    };
    for (let from = 0; from < runIds.length; from += AT_ONCE) {
      await Promise.all(runIds.slice(from, from + AT_ONCE).map((runId) => visit(runId).catch((error: unknown) => failures.push(error))));
    }
    this.stood = still;
    this.resting = rest;
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${runIds.length} open runs could not be looked at: ${String(failures[0])}`);
  }
}
