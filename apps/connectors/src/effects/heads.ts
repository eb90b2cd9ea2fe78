/**
 * The heads an outward claim is decided on and fenced by.
 *
 * I1 the heads belong together: at one moment all of them stood so, and nothing they could show lies below the greatest
 */
import { haltKeyOfStream, streamOfKey, type Address, type StreamCount } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { companyStop, loopStanding, type CompanyStop, type LoopStanding } from '../domain/standing.js';

const TRIES = 5;

export interface RunHeads {
  readonly loop: LoopStanding;
  /** The greatest sequence among the run's heads that this service may read: all that can revoke is below or at it. */
  readonly sequence: number;
}

/**
 * Reads loop, gate, effect and arming twice: a head that is read late could hide that another moved in between, so they count
 * only when the second look shows the same.
 * @throws Fault transient when the run is written to faster than it can be read
 */
export async function readRunHeads(log: Pick<EventLog, 'head'>, runId: string): Promise<RunHeads> {
  let before = await readOnce(log, runId);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const again = await readOnce(log, runId);
    if (again.every((commit, index) => sequenceOf(commit) === sequenceOf(before[index] ?? null))) {
      const [loop] = again;
      return { loop: loopStanding(loop?.events ?? []), sequence: Math.max(...again.map(sequenceOf)) };
    }
    before = again;
  }
  throw new Fault('transient', 'effect.run-busy', `run ${runId} was written to during ${TRIES} looks in a row`);
}

function readOnce(log: Pick<EventLog, 'head'>, runId: string): Promise<(Commit | null)[]> {
  return Promise.all([
    log.head({ context: 'runtime', entity: 'loop', key: runId }),
    log.head({ context: 'governance', entity: 'gate', key: runId }),
    log.head({ context: 'connectors', entity: 'effect', key: runId }),
    log.head({ context: 'connectors', entity: 'arming', key: runId }),
  ]);
}

export interface StopHead {
  readonly address: Address;
  readonly sequence: number;
  readonly stop: CompanyStop;
}

/** The company stop as it stands in the stream of this run. */
export async function readStop(log: Pick<EventLog, 'head' | 'streams'>, runId: string): Promise<StopHead> {
  const streams = log.streams as StreamCount;
  const key = haltKeyOfStream(streamOfKey(runId, streams), streams);
  const address: Address = { context: 'governance', entity: 'halt', key };
  const head = await log.head(address);
  return { address, sequence: sequenceOf(head), stop: companyStop(head?.events ?? []) };
}

function sequenceOf(commit: Commit | null): number {
  return commit?.position.sequence ?? 0;
}
