/**
 * A stop or a lifting that died half way is made a whole stop at the next start: who pressed it was never answered, and
 * of two readings the one that holds is taken. Lifting is the operator's.
 */
import { haltKeyOfStream, type StreamCount } from '@soloist/contracts';
import type { Source } from '@soloist/service';
import { CompanyStop } from '../decisions/company-stop.js';
import { raiseHalt } from '../domain/halt.js';
import { halts } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const COMPLETED = { by: 'governance', because: 'A stop, or its lifting, was interrupted; the company stays stopped until it is lifted.' };

export const completeStop: Source<GovernancePorts> = {
  name: 'complete-stop',
  start: async (work) => {
    const { log } = work.connection;
    const { isStopped, stoppedStreams, streams, generation } = await new CompanyStop(log).standing();
    if (isStopped && stoppedStreams < streams) {
      const keys = Array.from({ length: streams }, (_, stream) => haltKeyOfStream(stream, streams as StreamCount));
      await Promise.all(keys.map((key) => work.commit(`complete:${generation}:${stoppedStreams}`, halts, key, 'complete', (halt) => raiseHalt(halt, COMPLETED))));
    }
    return { stop: () => Promise.resolve() };
  },
};
