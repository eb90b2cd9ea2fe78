/**
 * The heads an outward claim is decided on and fenced by.
 *
 * I1 the heads belong together: at one moment all of them stood so, and nothing they could show lies below the greatest
 * I2 what is only read is neither claimed nor fenced: it is judged by loop and stop as they stand, and by the effect table
 *    as this process left it; what would be refused by such a table is looked at again, and an outcome expects it
 */
import { haltKeyOfStream, streamOfKey, type Address, type StreamCount } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import { loadedFrom, type Loaded, type Work } from '@soloist/service';
import type { Arming } from '../domain/arming.js';
import type { EffectTable } from '../domain/effect.js';
import { companyStop, loopStanding, type CompanyStop, type LoopStanding } from '../domain/standing.js';
import { armingEntity, effectEntity } from '../entities.js';

const TRIES = 5;

export interface RunHeads {
  readonly loop: LoopStanding;
  readonly effects: Loaded<EffectTable>;
  readonly arming: Loaded<Arming>;
  /** The greatest sequence among the run's heads that this service may read: all that can revoke is below or at it. */
  readonly sequence: number;
}

/**
 * Reads loop, gate and effect, and arming where it is not remembered. A head that is read late could hide that another moved in between; so they count
 * when the greatest of them was stored before any of them was read, or when a second look shows the same.
 * @param known a sequence of this run's stream that was stored before this call
 * @throws Fault transient when the run is written to faster than it can be read
 */
export async function readRunHeads(work: Pick<Work<unknown>, 'log' | 'remembered'>, runId: string, known: number): Promise<RunHeads> {
  // It holds no state, and a commit of it that is fenced may follow any earlier one.
  const arming = work.remembered?.(armingEntity, runId) ?? null;
  let before = await readOnce(work.log, runId, arming === null);
  if (Math.max(...before.map(sequenceOf)) <= known) return headsOf(before, arming);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const again = await readOnce(work.log, runId, arming === null);
    if (again.every((commit, index) => sequenceOf(commit) === sequenceOf(before[index] ?? null))) return headsOf(again, arming);
    before = again;
  }
  throw new Fault('transient', 'effect.run-busy', `run ${runId} was written to during ${TRIES} looks in a row`);
}

/** Both entities carry in each commit all there is to know, so their heads are their histories. */
function headsOf(heads: readonly (Commit | null)[], known: Loaded<Arming> | null): RunHeads {
  const [loop, , effect, read] = heads;
  return {
    loop: loopStanding(loop?.events ?? []),
    effects: loadedFrom(effectEntity, effect ? [effect] : []),
    arming: known ?? loadedFrom(armingEntity, read ? [read] : []),
    sequence: Math.max(...heads.map(sequenceOf)),
  };
}

function readOnce(log: Pick<EventLog, 'head'>, runId: string, withArming: boolean): Promise<(Commit | null)[]> {
  return Promise.all([
    log.head({ context: 'runtime', entity: 'loop', key: runId }),
    log.head({ context: 'governance', entity: 'gate', key: runId }),
    log.head({ context: 'connectors', entity: 'effect', key: runId }),
    withArming ? log.head({ context: 'connectors', entity: 'arming', key: runId }) : null,
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

/** What a claim is decided on, read together. */
export interface Looked {
  readonly heads: RunHeads;
  readonly stop: StopHead;
}

export async function lookAtRun(work: Pick<Work<unknown>, 'log' | 'remembered'>, runId: string, known: number): Promise<Looked> {
  const [heads, stop] = await Promise.all([readRunHeads(work, runId, known), readStop(work.log, runId)]);
  return { heads, stop };
}

/** What a read is judged on, with one look. @returns null when this process does not know the run's effect table */
export async function lookForRead(work: Pick<Work<unknown>, 'log' | 'remembered'>, runId: string): Promise<Looked | null> {
  const effects = work.remembered?.(effectEntity, runId);
  if (effects === undefined) return null;
  const [loop, stop] = await Promise.all([work.log.head({ context: 'runtime', entity: 'loop', key: runId }), readStop(work.log, runId)]);
  const heads: RunHeads = { loop: loopStanding(loop?.events ?? []), effects, arming: loadedFrom(armingEntity, []), sequence: sequenceOf(loop) };
  return { heads, stop };
}

/** How long the delivery of a paused run stays away. */
const PAUSED_MS = 5_000;

/** @throws Fault transient while the operator has paused the run */
export function requireGoing({ loop }: RunHeads, runId: string): void {
  if (loop.isPaused && !loop.isFinished) throw new Fault('transient', 'run.paused', `Run ${runId} is paused; its effect waits until it is resumed.`, { retryAfterMs: PAUSED_MS });
}
