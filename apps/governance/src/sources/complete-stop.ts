/**
 * A stop or a lifting that died half way is made a whole stop: who pressed it was never answered, and of two readings the
 * one that holds is taken. Lifting is the operator's.
 *
 * I1 a press under way is nobody's business: only what stood in part, and unchanged, for a whole round is completed
 * I2 a lifting that comes in between wins: what was raised here, and nothing else, is lifted again, so that no answered
 *    lifting is undone, and no stop that the operator presses behind it
 */
import { haltKeyOfStream, type StreamCount } from '@soloist/contracts';
import type { Source, SourceWork } from '@soloist/service';
import { CompanyStop, type CompanyStanding } from '../decisions/company-stop.js';
import { liftHalt, raiseHalt, type Halt, type Press } from '../domain/halt.js';
import { halts } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

/** Longer than a press takes at most. */
const EVERY_MS = 15_000;
const COMPLETED: Press = { by: 'governance', because: 'A stop, or its lifting, was interrupted; the company stays stopped until it is lifted.' };
const WITHDRAWN: Press = { by: 'governance', because: 'The stop was lifted while an interrupted one was completed.' };

export const completeStop: Source<GovernancePorts> = {
  name: 'complete-stop',
  start: (work) => {
    const stop = new CompanyStop(work.connection.log);
    let before: string | null = null;
    const round = async (): Promise<void> => {
      const { standing, mark } = await stop.look();
      const isSame = isPartial(standing) && mark === before;
      before = isPartial(standing) ? mark : null;
      if (!isSame) return;
      const raised = await raiseAll(work, `complete:${mark}`);
      if (isPartial(await stop.standing())) await withdraw(work, `withdraw:${mark}`, raised);
    };
    return Promise.resolve(work.ports.rounds.every(EVERY_MS, round));
  },
};

function isPartial({ isStopped, stoppedStreams, streams }: CompanyStanding): boolean {
  return isStopped && stoppedStreams < streams;
}

/** @returns by key, the generation of each stop that was raised here */
async function raiseAll(work: SourceWork<GovernancePorts>, seed: string): Promise<ReadonlyMap<string, number>> {
  const streams = work.connection.log.streams as StreamCount;
  const keys = Array.from({ length: streams }, (_, stream) => haltKeyOfStream(stream, streams));
  const raised = await Promise.all(keys.map(async (key) => {
    const outcome = await work.commit(seed, halts, key, 'complete', (halt) => raiseHalt(halt, COMPLETED));
    return outcome.kind === 'committed' ? [[key, outcome.state.generation] as const] : [];
  }));
  return new Map(raised.flat());
}

async function withdraw(work: SourceWork<GovernancePorts>, seed: string, raised: ReadonlyMap<string, number>): Promise<void> {
  const lift = (halt: Halt, generation: number): ReturnType<typeof liftHalt> => (halt.generation === generation ? liftHalt(halt, WITHDRAWN) : []);
  await Promise.all([...raised].map(([key, generation]) => work.commit(seed, halts, key, 'complete', (halt) => lift(halt, generation))));
}
