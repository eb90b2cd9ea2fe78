/**
 * Finds runs of programs that no delivery will move any more, and arms again what would have moved them (GUARANTEES G28):
 * a wake-up that was lost, or a later life of the delivery whose worker is gone.
 *
 * I1 open runs are those on the roster, which is kept here: each worker adds what it has picked up and not ended
 * I2 a run that some worker has in hand is left to it, however long its step takes
 * I3 a round costs the roster's heads and one read of each run that is due to be looked at, never a read of the log
 */
import { randomUUID } from 'node:crypto';
import type { RosterEvent } from '@soloist/contracts';
import type { Source, SourceWork } from '@soloist/service';
import type { Rounds, RuntimePorts } from '../ports/runtime.ports.js';
import { pickedUp, takeOpenHere } from '../program/open-here.js';
import { readProgram } from '../program/program-record.js';
import { relist, ROSTER_KEYS, rosterEntity, rosterKeyOf } from '../program/program-roster.js';
import { lostWakeUps } from './lost-wake-ups.js';
import { StandStill, type Looked } from './stand-still.js';
import { EVERY_MS } from './sweep-stuck-runs.js';

export const sweepStuckPrograms: Source<RuntimePorts> = {
  name: 'sweep-stuck-programs',
  start: async (work) => {
    const { rounds } = work.ports;
    return rounds?.every(EVERY_MS, new ProgramSweep(work, rounds).round) ?? { stop: () => Promise.resolve() };
  },
};

class ProgramSweep {
  private readonly standing = new StandStill();

  constructor(
    private readonly work: SourceWork<RuntimePorts>,
    private readonly rounds: Rounds,
  ) {}

  readonly round = async (): Promise<void> => {
    const listed = await this.listed();
    const found = new Set(takeOpenHere(this.work.ports));
    const ended = new Set<string>();
    try {
      await this.standing.round([...new Set([...listed, ...found])], (runId) => this.look(runId, ended));
    } finally {
      await this.relist(listed, found, ended).catch((error: unknown) => {
        for (const runId of found) pickedUp(this.work.ports, runId);
        throw error;
      });
    }
  };

  private async look(runId: string, ended: Set<string>): Promise<Looked> {
    const { log } = this.work.connection;
    const { state, loaded } = await readProgram(log, runId);
    const last = loaded?.head?.sequence ?? 0;
    if (state.begun === null || state.ended !== null) {
      ended.add(runId);
      return { last, move: null };
    }
    const lost = await lostWakeUps(state, {
      stateOf: async (other) => (await readProgram(log, other)).state,
      holderOf: (other) => this.work.holderOf(other),
      now: this.rounds.now(),
    });
    const arm = async (): Promise<void> => {
      for (const timer of lost) await log.arm(timer);
    };
    return { last, move: lost.length === 0 ? null : arm };
  }

  private async listed(): Promise<ReadonlySet<string>> {
    const heads = await Promise.all(ROSTER_KEYS.map((key) => this.work.connection.log.head({ context: 'runtime', entity: 'roster', key })));
    return new Set(heads.flatMap((head) => (head?.events ?? []) as readonly RosterEvent[]).flatMap(({ data }) => data.open));
  }

  private async relist(listed: ReadonlySet<string>, found: ReadonlySet<string>, ended: ReadonlySet<string>): Promise<void> {
    const changed = [...[...found].filter((runId) => !listed.has(runId) && !ended.has(runId)), ...[...ended].filter((runId) => listed.has(runId))];
    for (const key of new Set(changed.map(rosterKeyOf))) {
      const ofKey = new Set([...found].filter((runId) => rosterKeyOf(runId) === key));
      await this.work.commit(`roster:${randomUUID()}`, rosterEntity, key, 'relist', (state) => relist(state, ofKey, ended), { startsHistory: true });
    }
  }
}
