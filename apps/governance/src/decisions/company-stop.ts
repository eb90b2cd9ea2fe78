/**
 * The company stop: one halt subject in each event stream, because an expectation sees only its own stream (GUARANTEES G25).
 *
 * I1 a stop is committed here, at once and beside every queue: it never waits for what it should stop
 * I2 it is acknowledged only when the log shows it raised in every stream; a stream that does not answer is tried again
 *    until the deadline, and then the caller hears which are not stopped
 * I3 one press is one commit a stream, whatever is tried again: its id follows from the press
 * I4 within a process presses take turns; one that another process contradicts meanwhile is made again
 */
import { haltKeyOfStream, type HaltEvent, type StreamCount } from '@soloist/contracts';
import type { Commit, EventLog } from '@soloist/eventlog';
import { isFault } from '@soloist/kernel';
import { Committer, fold, systemClock, type DecisionClock } from '@soloist/service';
import { isStopped, liftHalt, raiseHalt, type Press } from '../domain/halt.js';
import { halts } from '../entities.js';
import { inTurn } from './ledger-turn.js';

const DECIDER = 'company-stop';
const WITHIN_MS = 10_000;
const PAUSE_MS = 20;

/** `missing` counts the streams that do not stand as wished. */
export interface PressOutcome {
  readonly missing: number;
  readonly standing: CompanyStanding;
}

export interface CompanyStanding {
  readonly isStopped: boolean;
  readonly streams: number;
  readonly stoppedStreams: number;
  /** How often the company was stopped so far. */
  readonly generation: number;
  /** The last word, of the stream that was written last. */
  readonly by: string | null;
  readonly because: string | null;
  readonly at: string | null;
}

export class CompanyStop {
  private readonly committer: Committer;

  constructor(
    private readonly log: EventLog,
    clock: DecisionClock = systemClock,
    private readonly withinMs: number = WITHIN_MS,
  ) {
    this.committer = new Committer(log, 'governance', clock);
  }

  raise(pressId: string, press: Press): Promise<PressOutcome> {
    return inTurn(this, () => this.press(pressId, true, press));
  }

  lift(pressId: string, press: Press): Promise<PressOutcome> {
    return inTurn(this, () => this.press(pressId, false, press));
  }

  async standing(): Promise<CompanyStanding> {
    return (await this.look()).standing;
  }

  /** `mark` is equal for two looks between which no stream was written. */
  async look(): Promise<{ readonly standing: CompanyStanding; readonly mark: string }> {
    const heads = await Promise.all(this.keys().map((key) => this.log.head({ context: 'governance', entity: 'halt', key })));
    const states = heads.map((head) => fold(halts, head?.events ?? []));
    const latest = heads.filter((head) => head !== null).toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
    const standing = {
      isStopped: isStopped(states),
      streams: states.length,
      stoppedStreams: states.filter((halt) => halt.isRaised).length,
      generation: Math.max(0, ...states.map((halt) => halt.generation)),
      ...wordOf(latest),
    };
    return { standing, mark: heads.map((head) => head?.hash.slice(0, 8) ?? '-').join('.') };
  }

  private keys(): readonly string[] {
    const streams = this.log.streams as StreamCount;
    return Array.from({ length: streams }, (_, stream) => haltKeyOfStream(stream, streams));
  }

  private async press(pressId: string, isRaise: boolean, press: Press): Promise<PressOutcome> {
    const deadline = performance.now() + this.withinMs;
    for (let round = 1; ; round += 1) {
      const failures = (await Promise.all(this.keys().map((key) => this.pressOne(`${pressId}:${round}`, key, isRaise, press)))).filter((failure) => failure !== null);
      const standing = await this.standing().catch(onlyFault);
      const missing = standing === null ? this.log.streams : isRaise ? standing.streams - standing.stoppedStreams : standing.stoppedStreams;
      if (standing !== null && missing === 0 && failures.length === 0) return { missing, standing };
      if (performance.now() > deadline) {
        if (standing === null) throw failures[0] ?? new Error('the company stop could not be read');
        return { missing, standing };
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** @returns what failed, null when the stream stands as wished */
  private async pressOne(seed: string, key: string, isRaise: boolean, press: Press): Promise<unknown> {
    const origin = { cause: null, seed, decider: DECIDER, traceparent: null };
    try {
      await this.committer.commit(origin, halts, key, isRaise ? 'raise' : 'lift', (halt) => (isRaise ? raiseHalt(halt, press) : liftHalt(halt, press)), { actor: press.by });
      return null;
    } catch (error) {
      onlyFault(error);
      return error;
    }
  }
}

/** What the world did may pass; what we did wrong does not. */
function onlyFault(error: unknown): null {
  if (!isFault(error)) throw error;
  return null;
}

function wordOf(commit: Commit | undefined): Pick<CompanyStanding, 'by' | 'because' | 'at'> {
  const last = (commit?.events as readonly HaltEvent[] | undefined)?.at(-1);
  if (commit === undefined || last === undefined) return { by: null, because: null, at: null };
  return { by: last.data.by, because: last.data.because, at: commit.at };
}
